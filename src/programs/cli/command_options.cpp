#include "programs/cli/command_options.hpp"

#include "model/span.hpp"

namespace garita::programs {

std::shared_ptr<CommandOptions> add_common_options(CLI::App& command) {
    auto options = std::make_shared<CommandOptions>();
    command.add_option("--socket", options->socket, "the hub's local socket")->envname("GARITA_SOCKET");
    command.add_flag("--json", options->json, "print the hub's answer as JSON");
    return options;
}

CLI::Validator span_check() {
    return {[](std::string& text) {
                return span_of(text) ? std::string()
                                     : "'" + text + "' is no span of time: write 90s, 15m, 24h, 7d or 1h30m";
            },
            "SPAN"};
}

std::optional<Duration> span_of(const std::string& text) {
    const auto span = parse_span(text);
    if (!span || span->count() <= 0) return std::nullopt;
    return Duration(*span);
}

}  // namespace garita::programs
