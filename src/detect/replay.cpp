#include "detect/replay.hpp"

#include "detect/replay_lines.hpp"
#include "detect/replay_window.hpp"

namespace garita::detect {

Result<ReplayReport> replay_http_errors(const std::vector<std::string>& files,
                                        const ReplayHttpErrors& options, const ReplayProgress& progress) {
    ReplayReport report;
    report.detector = "http_errors";
    HttpErrorReader reader(options.source);
    ReplayWindow window(options.limits, options.prefixes, options.threshold);
    const auto take = [&](std::string_view line) {
        HttpErrorEvent event;
        switch (reader.read(line, event)) {
            case HttpLineKind::match:
                ++report.matched;
                window.add(event.address, event.when);
                break;
            case HttpLineKind::unparsed:
                ++report.unparsed;
                break;
            case HttpLineKind::from_proxy:
                ++report.from_proxy;
                break;
            case HttpLineKind::other:
                break;
        }
    };
    const auto count = replay_lines(
        files, progress, [](const ReplaySource&) {}, take);
    if (!count) return tl::unexpected<Error>(count.error());
    report.lines = count->lines;
    report.unparsed += count->overlong;
    window.finish(report);
    return report;
}

Result<ReplayReport> replay_log_patterns(const std::vector<std::string>& files,
                                         const ReplayLogPatterns& options, const ReplayProgress& progress) {
    ReplayReport report;
    report.detector = "log_patterns";
    auto filter = LogFilter::make(options.filter, options.zone, options.now);
    if (!filter) return tl::unexpected<Error>(filter.error());
    ReplayWindow window(options.limits, options.prefixes, options.threshold);
    const auto begin = [&](const ReplaySource& source) {
        const EventTime changed{std::chrono::seconds{source.changed_at()}};
        filter->set_reference(source.changed_at() == 0 ? options.now : changed);
    };
    const auto take = [&](std::string_view line) {
        const auto event = filter->read_line(line);
        if (!event) return;
        if (!event->when) {
            ++report.unparsed;
            return;
        }
        report.matched += event->repeats;
        for (std::uint32_t i = 0; i < event->repeats; ++i)
            window.add(event->address, *event->when);
    };
    const auto count = replay_lines(files, progress, begin, take);
    if (!count) return tl::unexpected<Error>(count.error());
    report.lines = count->lines;
    report.unparsed += count->overlong + filter->unparsed();
    window.finish(report);
    return report;
}

}  // namespace garita::detect
