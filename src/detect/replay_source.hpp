#pragma once
// Old logs as blocks of whole lines: plain or gzip files (told apart by their first bytes), or standard
// input. read(2) into a buffer that fits the cache was chosen over mmap: it works on pipes, keeps no page of
// the file in the process, and a file that shrinks meanwhile is an early end and not a SIGBUS.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace garita::detect {

/// One open input. Views returned by `next` live until the next call.
class ReplaySource {
  public:
    /// "-" is standard input.
    [[nodiscard]] static Result<ReplaySource> open(const std::string& path);
    ReplaySource(ReplaySource&&) noexcept;
    ReplaySource& operator=(ReplaySource&&) noexcept;
    ~ReplaySource();

    /// Whole lines, each with its '\n' but perhaps the last of the input; empty at the end.
    [[nodiscard]] Result<std::string_view> next();

    /// Lines longer than a mebibyte, which are left out.
    [[nodiscard]] std::uint64_t overlong_lines() const { return overlong_lines_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    /// Bytes of the file itself (compressed ones), for progress.
    [[nodiscard]] std::uint64_t bytes_read() const;
    /// 0 where unknown (a pipe).
    [[nodiscard]] std::uint64_t file_size() const;
    /// Seconds since 1970 of the last change of the file; 0 where it is not a regular file.
    [[nodiscard]] std::int64_t changed_at() const;

    static constexpr std::size_t max_line = std::size_t{1} << 20;

  private:
    class Bytes;
    ReplaySource(std::string path, std::unique_ptr<Bytes> bytes);
    [[nodiscard]] bool make_room();

    std::string path_;
    std::unique_ptr<Bytes> bytes_;
    std::vector<char> buffer_;
    std::size_t filled_ = 0;
    std::size_t given_ = 0;  // whole lines at the front that the caller has had
    bool skipping_ = false;  // inside an overlong line
    bool ended_ = false;
    std::uint64_t overlong_lines_ = 0;
};

}  // namespace garita::detect
