#include "detect/finding_alarms.hpp"

#include <algorithm>

namespace garita::detect {
namespace {

constexpr std::size_t sample_limit = 300;
/// A log whose lines are all strange is not of the format that was named; fewer say nothing yet.
constexpr std::uint64_t strange_lines_at_least = 100;

Alert alert_of(const Finding& finding, std::string_view kind, const LogLine& line) {
    Alert alert;
    alert.kind = kind;
    alert.uid = alert_uid(kind, line);
    alert.subject = finding.source.text();
    alert.severity = finding.severity;
    alert.at = finding.last;
    alert.address = finding.source;
    for (const auto& [name, value] : finding.facts)
        alert.facts[name] = clean_fact(value);
    alert.facts["count"] = std::to_string(finding.count);
    alert.facts["window"] = format_span(finding.window);
    alert.facts["first"] = to_iso8601(finding.first);
    alert.facts["last"] = to_iso8601(finding.last);
    alert.facts["log"] = clean_fact(line.source);
    alert.facts["sample"] = clean_fact(line.text, sample_limit);
    return alert;
}

std::string levels(const AlarmThresholds& thresholds) {
    std::string text;
    if (thresholds.warning > 0) text = std::to_string(thresholds.warning) + " (warning)";
    if (thresholds.critical > 0)
        text += (text.empty() ? "" : " or ") + std::to_string(thresholds.critical) + " (critical)";
    return text;
}

std::uint32_t process_of(const LogLine& line) {
    return static_cast<std::uint32_t>(std::max(line.pid, std::int32_t{0}));
}

}  // namespace

HttpErrorAlarms::HttpErrorAlarms(const HttpErrorOptions& options, std::string statuses)
    : options_(options), statuses_(std::move(statuses)), errors_(options) {}

std::string HttpErrorAlarms::describe() const {
    return levels(options_.thresholds) + " responses " + statuses_ + " to one address within " +
           format_span(options_.limits.window);
}

std::vector<std::string> HttpErrorAlarms::troubles(Time) const {
    const auto stats = errors_.stats();
    std::vector<std::string> troubles;
    if (stats.unparsed >= strange_lines_at_least && stats.unparsed == stats.lines)
        troubles.push_back(
            "none of " + std::to_string(stats.lines) +
            " lines is of the format that was named: set `format` of http_errors to that of the log");
    if (stats.from_proxy > 0)
        troubles.push_back(std::to_string(stats.from_proxy) +
                           " errors came through a trusted proxy that did not say for whom: let it send "
                           "X-Forwarded-For, and the web server log it");
    return troubles;
}

void HttpErrorAlarms::on_line(const LogLine& line, Time now, AlertSink& sink) {
    const auto finding = errors_.consume(line.text, now);
    if (!finding) return;
    auto alert = alert_of(*finding, "http_errors", line);
    alert.facts["statuses"] = statuses_;
    sink.add(std::move(alert));
}

Result<std::unique_ptr<LogPatternAlarms>> LogPatternAlarms::make(Settings settings, Time now) {
    auto patterns = LogPatterns::make(settings.options, system_zone(), now);
    if (!patterns) return tl::unexpected(patterns.error());
    return std::unique_ptr<LogPatternAlarms>(new LogPatternAlarms(std::move(settings), std::move(*patterns)));
}

std::string LogPatternAlarms::describe() const {
    return levels(settings_.options.thresholds) + " lines of " + settings_.name +
           " about one address within " + format_span(settings_.options.limits.window);
}

std::vector<std::string> LogPatternAlarms::troubles(Time) const {
    const auto stats = patterns_.stats();
    if (stats.unparsed < strange_lines_at_least || stats.unparsed < stats.lines) return {};
    return {settings_.name + ": none of " + std::to_string(stats.lines) +
            " lines has the head of a syslog line: see that the file is the right one"};
}

void LogPatternAlarms::recall(const LogLine& line, Time now) {
    if (line.at)
        patterns_.recall_message(line.identifier, process_of(line), line.text, *line.at);
    else
        patterns_.recall(line.text, now);
}

void LogPatternAlarms::on_line(const LogLine& line, Time now, AlertSink& sink) {
    const auto finding =
        line.at ? patterns_.consume_message(line.identifier, process_of(line), line.text, *line.at)
                : patterns_.consume(line.text, now);
    if (!finding) return;
    auto alert = alert_of(*finding, "log_patterns", line);
    alert.subject = settings_.name + " " + alert.subject;
    alert.uid += "-" + settings_.name;
    alert.facts["pattern"] = settings_.name;
    if (settings_.severity) alert.severity = *settings_.severity;
    sink.add(std::move(alert));
}

}  // namespace garita::detect
