#include "programs/garita/hub_command.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "programs/hub/hub.hpp"

namespace garita::programs {

void add_hub_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("hub", "run the hub: store, desk, channels, API");
    const auto config = std::make_shared<std::string>("/etc/garita/hub.yml");
    const auto json = std::make_shared<bool>(false);
    command->add_option("-c,--config", *config, "its configuration")->capture_default_str();
    command->add_flag("-j,--json-logs", *json, "log JSON, one object a line, from the first line on");
    const auto debug = std::make_shared<bool>(false);
    command->add_flag("-d,--debug", *debug,
                      "print every command and every batch of rules sent to devices, with its result");
    command->footer("Example: garita hub --config /etc/garita/hub.yml");
    command->callback([config, json, debug, &exit_code] {
        exit_code = run_hub(*config, *json ? std::optional(runtime::LogFormat::json) : std::nullopt,
                            *debug ? Watch::devices : Watch::nothing);
    });
}

}  // namespace garita::programs
