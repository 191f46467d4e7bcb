#pragma once
// Files that only their owner may read, and that are old or new, never half.

#include <filesystem>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace garita::runtime::tls {

/// Writes aside with mode 0600, syncs, renames, and syncs the folder: after a crash the file holds the old
/// text or the new one. Fails with `io`.
[[nodiscard]] Result<void> write_private_file(const std::filesystem::path& path, std::string_view text);

/// The whole file, at most `max_bytes`. Fails with `not_found` when there is none, `io` otherwise; `full` for
/// a larger one.
[[nodiscard]] Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t max_bytes);

}  // namespace garita::runtime::tls
