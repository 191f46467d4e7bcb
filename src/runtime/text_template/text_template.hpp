#pragma once
// Texts of the configuration with {names} in them, which are filled in for each message that goes out. A text
// is checked once, when it is read: what was taken can always be filled in.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace garita::runtime {

/// "{name}" and "{name|filter}"; "{{" and "}}" are braces.
class TextTemplate {
  public:
    /// How a value is written. `{name|plain}`, `{name|json}`, `{name|url}` choose it for one place.
    enum class Filter : std::uint8_t {
        plain,  ///< as it is
        json,   ///< as it stands between the quotes of a JSON string
        url,    ///< percent-encoded, all but letters, digits and "-._~"
    };
    /// What may be named. A name that ends with a dot stands for all that begin so and go on: "fact.".
    using Names = std::span<const std::string_view>;
    using Values = std::function<std::string(std::string_view name)>;

    TextTemplate() = default;
    /// Fails with `invalid` and says what is wrong: a name that is not known, a brace without its pair.
    [[nodiscard]] static Result<TextTemplate> parse(std::string_view text, Names names, Filter usual);

    /// `values` is asked for each name that stands in the text.
    [[nodiscard]] std::string fill(const Values& values) const;
    /// Whether all of it is fixed.
    [[nodiscard]] bool is_fixed() const;
    [[nodiscard]] bool empty() const { return parts_.empty(); }

  private:
    struct Part {
        std::string text;  ///< fixed, or the name
        bool named = false;
        Filter filter = Filter::plain;
    };
    [[nodiscard]] static Result<Part> placeholder(std::string_view inside, Names names, Filter usual);
    void add_fixed(char c);

    std::vector<Part> parts_;
};

[[nodiscard]] std::string filtered(std::string_view value, TextTemplate::Filter filter);

}  // namespace garita::runtime
