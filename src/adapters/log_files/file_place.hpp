#pragma once
// Where reading stands in a file, in a form that outlives the process and is not fooled by a name that now
// belongs to another file, or by an inode that was used again.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garita::log_files {

struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// How many of a file's first bytes tell it from another.
inline constexpr std::size_t head_size = 256;

[[nodiscard]] std::uint64_t fingerprint(std::string_view bytes);

struct FilePlace {
    std::string path;  ///< the name it is followed under; it may have been renamed since
    FileIdentity identity;
    std::uint64_t offset = 0;
    std::uint32_t head_length = 0;  ///< at most head_size, never more than was read
    std::uint64_t head = 0;         ///< fingerprint of the first head_length bytes
    friend bool operator==(const FilePlace&, const FilePlace&) = default;
};

/// How regularly the files of a pattern have given lines.
struct HeardLog {
    std::string pattern;
    std::int64_t first_us = 0;
    std::int64_t last_us = 0;
    std::int64_t longest_us = 0;
    friend bool operator==(const HeardLog&, const HeardLog&) = default;
};

/// All places of one follower, and the patterns that it looked for: a file that comes under a known pattern
/// while nobody looks is new, and read from its start.
struct Checkpoint {
    std::vector<std::string> patterns;
    std::vector<FilePlace> places;  ///< of one path the older file first
    std::vector<HeardLog> heard;
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

[[nodiscard]] std::string to_text(const Checkpoint& checkpoint);
/// Nothing for a text that is no checkpoint of this version.
[[nodiscard]] std::optional<Checkpoint> parse_checkpoint(std::string_view text);

}  // namespace garita::log_files
