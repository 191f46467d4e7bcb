#pragma once
// Bytes of a log file, in portions, into lines. No I/O: the follower reads, this cuts.

#include <cstdint>
#include <string>
#include <string_view>

namespace garita::detect {

enum class LineEnd {
    newline,
    cut,  ///< too long, or unfinished for too long; what follows up to the next newline is never given as a
          ///< line
};

/// Keeps the beginning of an unfinished line between portions, at most `limit` bytes.
class LineSplitter {
  public:
    explicit LineSplitter(std::size_t limit) : limit_(limit) {}

    /// The first bytes to come are in the middle of a line that nobody has seen the beginning of.
    void begin_inside_a_line(std::uint64_t offset);

    /// emit(std::string_view line, std::uint64_t offset_of_its_first_byte, LineEnd). Portions must follow on
    /// one another; `offset` is that of the first byte.
    template <typename Emit>
    void feed(std::string_view bytes, std::uint64_t offset, Emit&& emit);

    /// Gives the unfinished line as it is; its rest will be skipped.
    template <typename Emit>
    void flush(Emit&& emit);

    [[nodiscard]] std::size_t limit() const { return limit_; }
    [[nodiscard]] bool unfinished() const { return !partial_.empty(); }
    /// Where a later reading must begin to see the unfinished line as a whole; `next` when there is none.
    [[nodiscard]] std::uint64_t resume_at(std::uint64_t next) const {
        return unfinished() || skipping_ ? line_start_ : next;
    }

  private:
    /// What a writer leaves that goes on at its old offset after the file was emptied is a hole of zeros.
    static std::string_view without_leading_zeros(std::string_view line) {
        const auto first = line.find_first_not_of('\0');
        return first == std::string_view::npos ? std::string_view() : line.substr(first);
    }

    std::size_t limit_;
    std::string partial_;
    std::uint64_t line_start_ = 0;  // of the unfinished or skipped line
    bool skipping_ = false;
};

inline void LineSplitter::begin_inside_a_line(std::uint64_t offset) {
    partial_.clear();
    skipping_ = true;
    line_start_ = offset;
}

template <typename Emit>
void LineSplitter::feed(std::string_view bytes, std::uint64_t offset, Emit&& emit) {
    while (!bytes.empty()) {
        const auto newline = bytes.find('\n');
        const bool whole = newline != std::string_view::npos;
        auto piece = bytes.substr(0, newline);
        const std::size_t taken = piece.size() + (whole ? 1 : 0);
        if (skipping_) {
            skipping_ = !whole;
        } else {
            if (!unfinished()) {
                const auto kept = without_leading_zeros(piece);
                line_start_ = offset + (piece.size() - kept.size());
                piece = kept;
            }
            if (partial_.size() + piece.size() > limit_) {
                partial_.append(piece.substr(0, limit_ - partial_.size()));
                emit(std::string_view(partial_), line_start_, LineEnd::cut);
                partial_.clear();
                skipping_ = !whole;
            } else if (!whole) {
                partial_.append(piece);
            } else if (unfinished()) {
                partial_.append(piece);
                emit(std::string_view(partial_), line_start_, LineEnd::newline);
                partial_.clear();
            } else {
                emit(piece, line_start_, LineEnd::newline);
            }
        }
        bytes.remove_prefix(taken);
        offset += taken;
    }
}

template <typename Emit>
void LineSplitter::flush(Emit&& emit) {
    if (!unfinished()) return;
    emit(std::string_view(partial_), line_start_, LineEnd::cut);
    partial_.clear();
    skipping_ = true;
}

}  // namespace garita::detect
