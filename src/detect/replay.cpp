#include "detect/replay.hpp"

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
    for (const auto& file : files) {
        auto source = ReplaySource::open(file);
        if (!source) return tl::unexpected<Error>(source.error());
        while (true) {
            const auto block = source->next();
            if (!block) return tl::unexpected<Error>(block.error());
            if (block->empty()) break;
            report.lines += for_each_line(*block, take);
            if (progress) progress(*source, report.lines);
        }
        report.lines += source->overlong_lines();
        report.unparsed += source->overlong_lines();
    }
    window.finish(report);
    return report;
}

}  // namespace garita::detect
