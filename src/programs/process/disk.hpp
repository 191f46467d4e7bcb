#pragma once
// Whether there is room for what must not be lost.

#include <filesystem>
#include <optional>
#include <string>

namespace garita::programs {

/// Why writing below this folder fails, or soon will: "the disk of /var/lib/garita is full (0 MB left) …".
/// Nothing when there is room enough.
[[nodiscard]] std::optional<std::string> disk_trouble(const std::filesystem::path& folder);

}  // namespace garita::programs
