#pragma once
// A text with typed placeholders, as "add {set} {ip} skbmark {value:hex}": checked when it is made, filled in
// with values that were typed at the door, and never with anything that could be taken for something else.

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/rule_class.hpp"

namespace garita::command {

/// What placeholders may name.
struct Vocabulary {
    const RuleClass& rules;
    std::map<std::string, std::string> names;  ///< fixed ones of the configuration; their texts are taken in
};

/// {PARAM}, {value} or {NAME}; "{{" and "}}" are braces. Formats: of a rate bit, kbit, mbit, bytes (a second;
/// only where nothing is lost), of a mark hex, of a MAC address dots or dashes, of a network address and
/// prefix.
class TextTemplate {
  public:
    enum class Place {
        word,  ///< one word of an argument vector
        line,  ///< a line of standard input, with spaces between its words
    };
    [[nodiscard]] static Result<TextTemplate> parse(std::string_view text, const Vocabulary& vocabulary,
                                                    Place place);

    /// Whether it asks for the value.
    [[nodiscard]] bool uses_value() const;
    /// Whether it asks for anything of an entry.
    [[nodiscard]] bool uses_entry() const;
    /// The names of the parameters that it asks for, by their positions.
    [[nodiscard]] bool uses_param(std::size_t index) const;

    /// Appends the text. An Error, with something appended or not: such a value cannot stand there.
    [[nodiscard]] Result<void> fill(std::string& out, std::span<const ParamValue> params,
                                    const std::optional<ParamValue>& value) const;
    /// Of a template that asks for nothing of an entry.
    [[nodiscard]] std::string fixed() const;

  private:
    enum class Format { plain, bit, kbit, mbit, bytes, hex, dots, dashes, address, prefix };
    static constexpr std::size_t the_value = static_cast<std::size_t>(-1);
    struct Part {
        std::string text;                   ///< a fixed one, where there is no slot
        std::optional<std::size_t> slot{};  ///< position of a parameter, or the_value
        Format format = Format::plain;
        bool begins_word = false;
    };
    [[nodiscard]] static Result<Part> placeholder(std::string_view inside, const Vocabulary& vocabulary);
    [[nodiscard]] static Result<Format> format_of(std::string_view name, const ParamSpec& spec);
    [[nodiscard]] static Result<std::string> formatted(const ParamValue& value, Format format);
    [[nodiscard]] static Result<void> check_text(std::string_view text, Place place);

    std::vector<Part> parts_;
};

/// A program and its words, each a template of its own.
class ArgumentTemplate {
  public:
    /// `what` names the setting in errors. The program has to be an absolute path, fixed, and no shell.
    [[nodiscard]] static Result<ArgumentTemplate> parse(const std::vector<std::string>& words,
                                                        const Vocabulary& vocabulary,
                                                        const std::string& what);

    [[nodiscard]] bool empty() const { return words_.empty(); }
    [[nodiscard]] bool uses_value() const;
    [[nodiscard]] bool uses_entry() const;
    [[nodiscard]] bool uses_param(std::size_t index) const;
    [[nodiscard]] Result<std::vector<std::string>> fill(std::span<const ParamValue> params,
                                                        const std::optional<ParamValue>& value) const;
    [[nodiscard]] std::vector<std::string> fixed() const;

  private:
    std::vector<TextTemplate> words_;
};

}  // namespace garita::command
