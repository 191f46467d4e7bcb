#include "detect/log_patterns.hpp"

#include <algorithm>

#include "detect/text_scan.hpp"

namespace garita::detect {
namespace {

constexpr std::size_t longest_user_fact = 128;

EventTime whole_seconds(Time time) {
    return std::chrono::floor<std::chrono::seconds>(time);
}

std::string_view without_line_end(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    return line;
}

}  // namespace

Result<LogFilter> LogFilter::make(const LogFilterOptions& options, LocalZone zone, EventTime reference) {
    if (!options.patterns.empty()) {
        auto patterns = LinePatterns::compile(options.patterns);
        if (!patterns)
            return fail(ErrorCode::invalid, "filter '" + options.name + "': " + patterns.error().text);
        return LogFilter(std::move(*patterns), options.programs, std::move(zone), reference);
    }
    if (options.name == "sshd") return LogFilter(SshdAttempts{}, {}, std::move(zone), reference);
    return fail(ErrorCode::invalid,
                "there is no filter '" + options.name + "': the shipped one is sshd; others need patterns");
}

std::optional<EventTime> LogFilter::time_in(std::string_view text) {
    if (text.empty()) return std::nullopt;
    if (const auto when = stamps_.read(text)) return when;
    if (const auto when = clf_.read(text)) return when;
    return read_epoch(text);
}

std::optional<LogEvent> LogFilter::by_patterns(const LinePatterns& patterns, std::string_view text) {
    const auto match = patterns.match(text);
    if (!match) return std::nullopt;
    return LogEvent{match->address, match->user, time_in(match->time), 1};
}

std::optional<LogEvent> LogFilter::read_message(std::string_view program, std::uint32_t pid,
                                                std::string_view message) {
    if (auto* attempts = std::get_if<SshdAttempts>(&matcher_)) {
        if (!is_sshd(program)) return std::nullopt;
        const auto failure = parse_sshd_failure(message);
        if (!failure) return std::nullopt;
        const auto repeats = attempts->count(pid, *failure);
        if (repeats == 0) return std::nullopt;
        return LogEvent{failure->address, failure->user, std::nullopt, repeats};
    }
    if (!programs_.empty() && std::find(programs_.begin(), programs_.end(), program) == programs_.end())
        return std::nullopt;
    return by_patterns(std::get<LinePatterns>(matcher_), message);
}

std::optional<LogEvent> LogFilter::read_line(std::string_view line) {
    const auto fields = split_syslog_line(line);
    if (!fields) {
        const auto* patterns = std::get_if<LinePatterns>(&matcher_);
        if (patterns == nullptr || !programs_.empty()) {
            ++unparsed_;
            return std::nullopt;
        }
        auto event = by_patterns(*patterns, line);
        if (event && !event->when) event->when = iso_.read(eat_word(line));
        return event;
    }
    auto event = read_message(fields->program, fields->pid, fields->message);
    if (event && !event->when) event->when = stamps_.read(fields->stamp);
    return event;
}

Result<LogPatterns> LogPatterns::make(const LogPatternOptions& options, LocalZone zone, Time now) {
    auto filter = LogFilter::make(options.filter, std::move(zone), whole_seconds(now));
    if (!filter) return tl::unexpected<Error>(filter.error());
    return LogPatterns(std::move(*filter), options);
}

void LogPatterns::keep_year(EventTime now) {
    if (now - reference_ <= std::chrono::hours{1}) return;  // the year of a stamp is guessed from about now
    reference_ = now;
    filter_.set_reference(now);
}

void LogPatterns::recall(std::string_view line, Time now) {
    ++stats_.lines;
    const auto clock = whole_seconds(now);
    keep_year(clock);
    const auto event = filter_.read_line(without_line_end(line));
    if (event && event->when && *event->when <= clock + future_) (void)count(*event, clock);
}

void LogPatterns::recall_message(std::string_view program, std::uint32_t pid, std::string_view message,
                                 Time when) {
    (void)consume_message(program, pid, message, when);
}

std::optional<Finding> LogPatterns::consume(std::string_view line, Time now) {
    ++stats_.lines;
    const auto clock = whole_seconds(now);
    keep_year(clock);
    const auto event = filter_.read_line(without_line_end(line));
    return event ? count(*event, clock) : std::nullopt;
}

std::optional<Finding> LogPatterns::consume_message(std::string_view program, std::uint32_t pid,
                                                    std::string_view message, Time when) {
    ++stats_.lines;
    const auto event = filter_.read_message(program, pid, message);
    return event ? count(*event, whole_seconds(when)) : std::nullopt;
}

std::optional<Finding> LogPatterns::count(const LogEvent& event, EventTime now) {
    ++stats_.matched;
    auto when = event.when.value_or(now);
    if (when > now + future_) {
        ++stats_.future;
        when = now;
    }
    std::optional<Finding> finding;
    for (std::uint32_t i = 0; i < event.repeats; ++i)
        if (auto found = alarms_.add(event.address, when)) finding = std::move(found);
    if (!finding) return std::nullopt;
    finding->kind = "log_patterns";
    finding->facts["filter"] = name_;
    if (!event.user.empty()) finding->facts["user"] = std::string(event.user.substr(0, longest_user_fact));
    if (!finding->source.is_host()) finding->facts["last_address"] = event.address.text();
    return finding;
}

LogPatternStats LogPatterns::stats() const {
    auto stats = stats_;
    stats.unparsed = filter_.unparsed();
    stats.window = alarms_.stats();
    return stats;
}

}  // namespace garita::detect
