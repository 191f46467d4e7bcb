#include "detect/json_alerts.hpp"

#include <algorithm>

namespace garita::detect {
namespace {

/// A log whose lines are all strange is not of the format that was named; fewer say nothing yet.
constexpr std::uint64_t strange_at_least = 20;
/// A stamp further than this ahead of the clock counts as now.
constexpr Duration foreseen = std::chrono::minutes{5};
constexpr std::size_t subject_limit = 200;

Time time_of(const AlertLine& alert, Time now) {
    return alert.when && *alert.when <= now + foreseen ? Time{*alert.when} : now;
}

std::string subject_of(const AlertLine& alert) {
    std::string subject = alert.signature;
    if (!alert.origin.empty()) subject += " " + alert.origin;
    if (alert.address) subject += " " + alert.address->text();
    return clean_fact(subject, subject_limit);
}

std::string_view program_of(AlertLog format) {
    return format == AlertLog::suricata ? "Suricata" : "Wazuh";
}

}  // namespace

JsonAlerts::JsonAlerts(JsonAlertsSettings settings)
    : settings_(std::move(settings)), reader_(settings_.lines) {}

std::string JsonAlerts::describe() const {
    const auto& lines = settings_.lines;
    const auto bound = lines.format == AlertLog::suricata
                           ? "of severity 1 to " + std::to_string(lines.lowest_priority)
                           : "of level " + std::to_string(lines.least_level) + " or more";
    return "alerts " + bound + " by " + std::string(program_of(lines.format));
}

std::vector<std::string> JsonAlerts::troubles(Time) const {
    if (unparsed_ < strange_at_least) return {};
    const std::string who = settings_.name + ": ";
    if (unparsed_ == lines_)
        return {who + "none of " + std::to_string(lines_) + " lines is one of " +
                std::string(program_of(settings_.lines.format)) + ": see `format` and `files` of it"};
    // one in a hundred: more than what a rotation or a crash of the writer leaves behind
    if (unparsed_ < lines_ / 100) return {};
    return {who + std::to_string(unparsed_) + " of " + std::to_string(lines_) + " lines could not be read"};
}

std::optional<AlertLine> JsonAlerts::alert_in(const LogLine& line) {
    if (line.text.empty()) return std::nullopt;
    ++lines_;
    AlertLine alert;
    const auto kind = reader_.read(line.text, alert);
    if (kind == AlertLineKind::unparsed) ++unparsed_;
    if (kind != AlertLineKind::alert) return std::nullopt;
    return alert;
}

JsonAlerts::Runs::iterator JsonAlerts::count(const LogLine& line, AlertLine alert, Time at) {
    auto subject = subject_of(alert);
    auto place = by_subject_.find(subject);
    if (place == by_subject_.end()) {
        const auto run = runs_.emplace(runs_.end());
        run->subject = subject;
        run->first = at;
        place = by_subject_.emplace(std::move(subject), run).first;
    }
    const auto run = place->second;
    ++run->count;
    alert.severity = run->count > 1 ? std::max(alert.severity, run->newest.severity) : alert.severity;
    run->newest = std::move(alert);
    run->uid = alert_uid(kind_of(settings_.lines.format), line);
    run->log = line.source;
    run->first = std::min(run->first, at);
    run->last = std::max(run->last, at);
    return run;
}

void JsonAlerts::on_line(const LogLine& line, Time now, AlertSink& sink) {
    auto alert = alert_in(line);
    if (!alert) return;
    (void)tick(now, sink);  // what ended before this line is over
    const auto known = by_subject_.find(subject_of(*alert));
    const bool is_news = known == by_subject_.end() || alert->severity > known->second->newest.severity;
    const Time at = time_of(*alert, now);
    const auto run = count(line, *std::move(alert), at);
    if (!is_news) return;
    tell(run, now, sink);
    make_room(now, sink);
}

void JsonAlerts::recall(const LogLine& line, Time now) {
    auto alert = alert_in(line);
    if (!alert || !alert->when) return;
    const Time at = time_of(*alert, now);
    if (at + settings_.window <= now) return;
    const auto run = count(line, *std::move(alert), at);
    if (run->count > 1) return;
    run->told = at;  // it was news then
    run->told_count = 1;
    if (runs_.size() > settings_.max_tracked) forget(runs_.begin());
}

Duration JsonAlerts::tick(Time now, AlertSink& sink) {
    while (!runs_.empty()) {
        const auto oldest = runs_.begin();
        const bool clock_went_back = oldest->told > now;
        if (!clock_went_back && now - oldest->told < settings_.window)
            return oldest->told + settings_.window - now;
        if (oldest->count == oldest->told_count)
            forget(oldest);
        else
            tell(oldest, now, sink);
    }
    return no_tick_wanted;
}

void JsonAlerts::tell(Runs::iterator run, Time now, AlertSink& sink) {
    Alert alert;
    alert.kind = kind_of(settings_.lines.format);
    alert.uid = run->uid;
    alert.subject = run->subject;
    alert.severity = run->newest.severity;
    alert.at = run->last;
    if (run->newest.address) alert.address = IpNetwork(*run->newest.address);
    for (const auto& [name, value] : run->newest.facts)
        alert.facts[name] = clean_fact(value);
    alert.facts["count"] = std::to_string(run->count);
    alert.facts["first"] = to_iso8601(run->first);
    alert.facts["last"] = to_iso8601(run->last);
    alert.facts["log"] = clean_fact(run->log);
    sink.add(std::move(alert));
    run->told = now;
    run->told_count = run->count;
    runs_.splice(runs_.end(), runs_, run);
}

void JsonAlerts::forget(Runs::iterator run) {
    by_subject_.erase(run->subject);
    runs_.erase(run);
}

void JsonAlerts::make_room(Time now, AlertSink& sink) {
    if (runs_.size() <= settings_.max_tracked) return;
    const auto oldest = runs_.begin();
    if (oldest->count > oldest->told_count) tell(oldest, now, sink);
    forget(oldest);
}

}  // namespace garita::detect
