#pragma once
// Replay reports as people and programs read them.

#include <cstdio>

#include "detect/replay.hpp"

namespace garita::programs {

enum class ReplayForm { table, json };

/// Written piece by piece: a report may name hundreds of thousands of sources. The JSON is one object on one
/// line: detector, lines, matched, unparsed, late, evicted, from_proxy, alarms.
void print(std::FILE* out, ReplayForm form, const detect::ReplayReport& report);
/// As JSON: detector, lines, matched, unparsed, left_out, logins.
void print(std::FILE* out, ReplayForm form, const detect::LoginReport& report);

/// Writes to standard error about once a second where that is a terminal; does nothing elsewhere.
[[nodiscard]] detect::ReplayProgress progress_to_terminal();
/// Removes the progress line, if there is one.
void clear_progress();

}  // namespace garita::programs
