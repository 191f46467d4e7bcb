#pragma once
// The bytes under a ReplaySource: a descriptor, with zlib above it where the content is gzip.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "detect/replay_source.hpp"

namespace garita::detect {

class ReplaySource::Bytes {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Bytes>> open(const std::string& path);
    ~Bytes();
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;

    /// Fills some of the room; 0 at the end.
    [[nodiscard]] Result<std::size_t> read(char* room, std::size_t size);

    std::uint64_t raw_bytes = 0;
    std::uint64_t file_size = 0;
    std::int64_t changed_at = 0;

  private:
    class Inflater;
    Bytes(int descriptor, std::string path);
    [[nodiscard]] Result<std::size_t> read_raw(char* room, std::size_t size);
    [[nodiscard]] Result<void> look_at_head();

    int descriptor_;
    std::string path_;
    std::array<char, 6> head_{};  // read to tell the kind, and handed out first
    std::size_t head_size_ = 0;
    std::size_t head_given_ = 0;
    std::unique_ptr<Inflater> inflater_;
};

}  // namespace garita::detect
