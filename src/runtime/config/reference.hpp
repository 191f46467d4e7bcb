#pragma once
// What is made of the table for people and editors.

#include <string>

#include "runtime/config/document.hpp"

namespace garita::runtime {

/// docs/configuration.md as it has to be.
[[nodiscard]] std::string reference_markdown();

/// A whole file with every setting, its default or a sample, and its help as comment. It passes its own
/// check.
[[nodiscard]] std::string annotated_example(FileKind kind);

/// JSON schema (draft 2020-12) for editors. Rules between settings are left to `garita check`.
[[nodiscard]] std::string json_schema(FileKind kind);

}  // namespace garita::runtime
