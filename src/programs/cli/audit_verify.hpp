#pragma once
// garita audit verify: asks the hub to prove its trail, or proves an exported file without any hub.

#include <CLI/CLI.hpp>

namespace garita::programs {

void add_audit_verify(CLI::App& audit, int& exit_code);

}  // namespace garita::programs
