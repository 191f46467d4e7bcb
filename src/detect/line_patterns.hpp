#pragma once
// Regular expressions of the administrator over hostile lines: RE2, so the time is linear in the line
// whatever the expression, and the memory of each is bounded when it is compiled.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip.hpp"
#include "model/result.hpp"

namespace garita::detect {

struct PatternMatch {
    IpAddress address;
    std::string_view user;  ///< of the group `user`, where there is one
    std::string_view time;  ///< of the group `time`, where there is one
};

/// Compiled once, used by one thread at a time or by many.
class LinePatterns {
  public:
    static constexpr std::size_t most_patterns = 64;
    static constexpr std::size_t longest_pattern = 2048;
    static constexpr std::size_t longest_text = 64 * 1024;

    /// Each must have a group `(?P<address>…)`; `user` and `time` may be there. The error names the pattern
    /// and what is wrong with it.
    [[nodiscard]] static Result<LinePatterns> compile(const std::vector<std::string>& patterns);
    LinePatterns(LinePatterns&&) noexcept;
    LinePatterns& operator=(LinePatterns&&) noexcept;
    ~LinePatterns();

    /// The first pattern, in their order, that matches somewhere in the text and whose address is one. Text
    /// longer than `longest_text` matches nothing.
    [[nodiscard]] std::optional<PatternMatch> match(std::string_view text) const;

  private:
    struct Compiled;
    explicit LinePatterns(std::unique_ptr<Compiled> compiled);
    std::unique_ptr<Compiled> compiled_;
};

}  // namespace garita::detect
