#pragma once
// Replay reports as people and programs read them.

#include <string>

#include "detect/replay.hpp"

namespace garita::programs {

enum class ReplayForm { table, json };

[[nodiscard]] std::string to_table(const detect::ReplayReport& report);
/// One object on one line: detector, lines, matched, unparsed, late, evicted, from_proxy, alarms.
[[nodiscard]] std::string to_json(const detect::ReplayReport& report);
[[nodiscard]] std::string to_table(const detect::LoginReport& report);
/// One object on one line: detector, lines, matched, unparsed, left_out, logins.
[[nodiscard]] std::string to_json(const detect::LoginReport& report);

/// Writes to standard error about once a second where that is a terminal; does nothing elsewhere.
[[nodiscard]] detect::ReplayProgress progress_to_terminal();
/// Removes the progress line, if there is one.
void clear_progress();

}  // namespace garita::programs
