#pragma once
// The prompt of a switch, and its other forms.

#include <string>
#include <string_view>

namespace garita::ios {

class Prompt {
  public:
    enum class Mode {
        none,  ///< the text is no prompt of this switch
        user,
        privileged,
        configuration,
    };

    Prompt() = default;
    /// As it stood behind the login: "sw-1>" or "sw-1#".
    explicit Prompt(std::string_view learnt);

    /// Whether a text could be one at all: short, and '#' or '>' at its end.
    [[nodiscard]] static bool looks_like_one(std::string_view text);

    /// Of a line that nothing follows; blanks at its end do not count. In configuration mode IOS cuts long
    /// names, so it is enough that the name begins so.
    [[nodiscard]] Mode mode_of(std::string_view text) const;
    [[nodiscard]] const std::string& name() const { return name_; }

    /// What stands behind the prompt, where a line begins with it; otherwise the line.
    [[nodiscard]] std::string_view without(std::string_view line) const;

  private:
    [[nodiscard]] bool is_cut_name(std::string_view text) const;

    std::string name_;
};

}  // namespace garita::ios
