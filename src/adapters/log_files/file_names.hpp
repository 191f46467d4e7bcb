#pragma once
// What names of log files say: patterns, rotated forms, compressed files.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/log_files/file_place.hpp"

namespace garita::log_files {

[[nodiscard]] std::string directory_of(const std::string& path);
[[nodiscard]] std::string_view base_name(std::string_view path);
[[nodiscard]] bool is_pattern(std::string_view path);

/// Whether `name` is what a rotator makes of `base`: access.log.1, access.log-20261122, access-20261122.log,
/// access.log.old. Compressed forms are not.
[[nodiscard]] bool is_rotated_form(std::string_view name, std::string_view base);
[[nodiscard]] bool has_compressed_name(std::string_view name);
/// The first bytes are those of gzip, bzip2, xz, zstd or lz4.
[[nodiscard]] bool is_compressed(std::string_view first_bytes);

/// The existing files that a pattern or plain path names, without compressed and rotated forms of each other;
/// a plain path as it is, whether it exists or not.
[[nodiscard]] std::vector<std::string> expand(const std::string& pattern);

struct RotatedFile {
    std::string path;
    FileIdentity identity;
    std::int64_t changed_ns = 0;  ///< time of the last change of its content
    std::int64_t born_ns = 0;     ///< of two files that had one inode; 0: not kept by the file system
    /// The same file, perhaps under another name and grown.
    [[nodiscard]] bool is_same_file(const RotatedFile& other) const {
        return identity == other.identity && born_ns == other.born_ns;
    }
    /// The same content, perhaps under another name.
    [[nodiscard]] bool is_same_content(const RotatedFile& other) const {
        return identity == other.identity && changed_ns == other.changed_ns;
    }
};
/// The rotated forms of a file that lie beside it, the oldest first.
[[nodiscard]] std::vector<RotatedFile> rotated_forms(const std::string& path);

/// The directory itself where it exists, else the nearest one above it that does.
[[nodiscard]] std::string existing_directory(std::string directory);

}  // namespace garita::log_files
