#pragma once
// What this host has kept of the hub's audit trail, for a person to compare: the hub may lie, this file
// cannot be reached from there.

#include <cstddef>
#include <filesystem>

namespace garita::programs {

enum class HeadsFormat {
    lines,  ///< SEQ:HASH, when kept, of when, the newest first
    json,   ///< one object a line, all of them
};

/// `garita-agent audit-heads`, beside a running agent or without one. Returns the exit code.
int print_audit_heads(const std::filesystem::path& config_file, std::size_t limit, HeadsFormat format);

}  // namespace garita::programs
