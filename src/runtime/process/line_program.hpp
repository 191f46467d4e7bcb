#pragma once
// Programs that read one command a line from their standard input, as "ipset restore" and "ipfw /dev/stdin"
// do; and finding out which of many lines such a program refused.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/process/command.hpp"

namespace re2 {
class RE2;
}

namespace garita::runtime {

/// How it is told whether a program did what it was asked.
struct Verdict {
    enum class Is {
        fine,     ///< done, or it had been so before
        refused,  ///< it did not want to
        unknown,  ///< it did not end by itself
    };
    std::vector<int> ok_codes{0};
    /// Matched somewhere in the standard error of one that failed: there was nothing to do, as "not found" of
    /// a deletion.
    std::shared_ptr<const re2::RE2> fine;

    [[nodiscard]] Is of(const CommandEnd& end) const;
    /// An Error unless it is fine. `what` begins the text.
    [[nodiscard]] Result<void> expect_fine(const CommandEnd& end, const std::string& what) const;
};

/// Compiles a pattern of the configuration; an empty one gives null. `what` names the setting.
[[nodiscard]] Result<std::shared_ptr<const re2::RE2>> compile_pattern(const std::string& pattern,
                                                                      const std::string& what);

/// Lines one behind the other, each with its end.
class Lines {
  public:
    /// Appends to the line that `end()` will close.
    [[nodiscard]] std::string& open() { return text_; }
    void end() {
        text_ += '\n';
        ends_.push_back(text_.size());
    }
    [[nodiscard]] std::size_t count() const { return ends_.size(); }
    [[nodiscard]] std::string_view part(std::size_t first, std::size_t count) const {
        const std::size_t begin = first == 0 ? 0 : ends_[first - 1];
        return std::string_view(text_).substr(begin, count == 0 ? 0 : ends_[first + count - 1] - begin);
    }
    /// Takes back what was appended since the last end().
    void drop_open() { text_.resize(ends_.empty() ? 0 : ends_.back()); }

  private:
    std::string text_;
    std::vector<std::size_t> ends_;
};

struct RefusedLine {
    std::size_t line = 0;  ///< from 0
    std::string text;      ///< what the program said
};

struct LineProgram {
    Command command;  ///< without input
    Verdict verdict;
    /// In the standard error: its first group is the number, from 1, of the first line that was refused.
    /// Null: not told, so halves are tried.
    std::shared_ptr<const re2::RE2> line_number{};
    /// What becomes of the lines before that one. A program that reads ahead may have thrown them away, so
    /// they are given again unless it is known.
    enum class Before { unknown, done } before_refused = Before::unknown;
    /// For all runs of one call together.
    Duration patience = std::chrono::seconds(120);

    /// Feeds all lines, which have to be such that giving them again does no harm. Which ones were refused,
    /// in their order; all others are done. An Error: the program does not run or end, or refuses whatever
    /// it is given.
    [[nodiscard]] Result<std::vector<RefusedLine>> feed(CommandRunner& runner, const Lines& lines) const;
};

}  // namespace garita::runtime
