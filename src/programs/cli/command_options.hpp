#pragma once
// What all commands to the hub share: --socket and --json.

#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "model/time.hpp"
#include "programs/cli/hub_connection.hpp"

namespace garita::programs {

struct CommandOptions {
    std::string socket = default_socket();
    bool json = false;
};

/// Adds the two options; the result lives as long as the command's callback.
std::shared_ptr<CommandOptions> add_common_options(CLI::App& command);

/// Accepts "90s", "15m", "24h", "7d", "1h30m"; used as CLI11's check.
[[nodiscard]] CLI::Validator span_check();
[[nodiscard]] std::optional<Duration> span_of(const std::string& text);

}  // namespace garita::programs
