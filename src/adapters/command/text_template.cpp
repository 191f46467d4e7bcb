#include "adapters/command/text_template.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace garita::command {
namespace {

constexpr std::size_t longest = 1000;

bool harmless(char c) {
    constexpr std::string_view also = "_.-/:,@%+=";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           also.find(c) != std::string_view::npos;
}

tl::unexpected<Error> wrong(std::string text) {
    return fail(ErrorCode::invalid, std::move(text));
}

Result<std::string> rate_in(const BitRate& rate, std::uint64_t unit, const char* name) {
    if (rate.bits_per_second % unit != 0)
        return wrong(rate.text() + " is no whole number of " + name + ", which this device takes");
    return std::to_string(rate.bits_per_second / unit);
}

std::string mac_text(const MacAddress& mac, bool dots) {
    std::array<char, 18> text{};
    const auto& b = mac.bytes;
    std::snprintf(text.data(), text.size(),
                  dots ? "%02x%02x.%02x%02x.%02x%02x" : "%02x-%02x-%02x-%02x-%02x-%02x", b[0], b[1], b[2],
                  b[3], b[4], b[5]);
    return text.data();
}

std::string hex(std::uint32_t number) {
    std::array<char, 11> text{};
    std::snprintf(text.data(), text.size(), "0x%x", number);
    return text.data();
}

}  // namespace

Result<void> TextTemplate::check_text(std::string_view text, Place place) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            return wrong("\"" + std::string(text) + "\" holds a control character or an end of line");
        if (place == Place::word && c == ' ')
            return wrong("\"" + std::string(text) + "\" holds a space: write each word of its own");
    }
    return {};
}

Result<TextTemplate::Format> TextTemplate::format_of(std::string_view name, const ParamSpec& spec) {
    struct Row {
        std::string_view name;
        Format format;
        ParamType type;
    };
    static constexpr std::array<Row, 9> rows{{{"bit", Format::bit, ParamType::rate},
                                              {"kbit", Format::kbit, ParamType::rate},
                                              {"mbit", Format::mbit, ParamType::rate},
                                              {"bytes", Format::bytes, ParamType::rate},
                                              {"hex", Format::hex, ParamType::mark},
                                              {"dots", Format::dots, ParamType::mac},
                                              {"dashes", Format::dashes, ParamType::mac},
                                              {"address", Format::address, ParamType::network},
                                              {"prefix", Format::prefix, ParamType::network}}};
    for (const auto& row : rows)
        if (row.name == name && row.type == spec.type) return row.format;
    return wrong("a " + std::string(to_text(spec.type)) + " cannot be written as \"" + std::string(name) +
                 "\"");
}

Result<TextTemplate::Part> TextTemplate::placeholder(std::string_view inside, const Vocabulary& vocabulary) {
    const auto colon = inside.find(':');
    const std::string name(inside.substr(0, colon));
    Part part;
    const ParamSpec* spec = nullptr;
    const auto params = vocabulary.rules.params();
    for (std::size_t i = 0; i < params.size(); ++i)
        if (params[i].name == name) {
            spec = &params[i];
            part.slot = i;
        }
    if (spec == nullptr && name == "value") {
        spec = &vocabulary.rules.value();
        part.slot = the_value;
    }
    if (spec != nullptr) {
        if (colon == std::string_view::npos) return part;
        const auto format = format_of(inside.substr(colon + 1), *spec);
        if (!format) return tl::unexpected(format.error());
        part.format = *format;
        return part;
    }
    const auto fixed = vocabulary.names.find(name);
    if (fixed == vocabulary.names.end() || colon != std::string_view::npos) {
        std::string known = "{value}";
        for (const auto& one : params)
            known += " {" + one.name + "}";
        for (const auto& [one, text] : vocabulary.names)
            known += " {" + one + "}";
        return wrong("{" + std::string(inside) + "} is not known; there are " + known);
    }
    part.text = fixed->second;
    return part;
}

Result<TextTemplate> TextTemplate::parse(std::string_view text, const Vocabulary& vocabulary, Place place) {
    if (text.size() > longest)
        return wrong("a template of more than " + std::to_string(longest) + " characters");
    if (auto fine = check_text(text, place); !fine) return tl::unexpected(fine.error());
    TextTemplate made;
    std::string fixed;
    const auto keep_fixed = [&] {
        if (!fixed.empty()) made.parts_.push_back({std::exchange(fixed, {})});
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '{' && c != '}') {
            fixed += c;
        } else if (i + 1 < text.size() && text[i + 1] == c) {
            fixed += c;
            ++i;
        } else {
            const auto end = c == '{' ? text.find('}', i) : std::string_view::npos;
            if (end == std::string_view::npos)
                return wrong("\"" + std::string(text) +
                             "\": a brace without its other; write {{ for a brace itself");
            auto part = placeholder(text.substr(i + 1, end - i - 1), vocabulary);
            if (!part) return tl::unexpected(part.error());
            if (!part->slot) {
                if (auto fine = check_text(part->text, Place::word); !fine)
                    return tl::unexpected(fine.error());
                fixed += part->text;
            } else {
                part->begins_word = fixed.empty() ? made.parts_.empty() : fixed.back() == ' ';
                keep_fixed();
                made.parts_.push_back(std::move(*part));
            }
            i = end;
        }
    }
    keep_fixed();
    return made;
}

bool TextTemplate::uses_param(std::size_t index) const {
    return std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) { return part.slot == index; });
}

bool TextTemplate::uses_value() const {
    return uses_param(the_value);
}

bool TextTemplate::uses_entry() const {
    return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.slot.has_value(); });
}

Result<std::string> TextTemplate::formatted(const ParamValue& value, Format format) {
    switch (format) {
        case Format::plain:
            return to_text(value);
        case Format::bit:
            return rate_in(std::get<BitRate>(value), 1, "bits");
        case Format::kbit:
            return rate_in(std::get<BitRate>(value), 1000, "kilobits");
        case Format::mbit:
            return rate_in(std::get<BitRate>(value), 1'000'000, "megabits");
        case Format::bytes:
            return rate_in(std::get<BitRate>(value), 8, "bytes");
        case Format::hex:
            return hex(std::get<std::uint32_t>(value));
        case Format::dots:
            return mac_text(std::get<MacAddress>(value), true);
        case Format::dashes:
            return mac_text(std::get<MacAddress>(value), false);
        case Format::address:
            return std::get<IpNetwork>(value).address().text();
        case Format::prefix:
            return std::to_string(std::get<IpNetwork>(value).prefix());
    }
    return wrong("no such format");
}

Result<void> TextTemplate::fill(std::string& out, std::span<const ParamValue> params,
                                const std::optional<ParamValue>& value) const {
    for (const auto& part : parts_) {
        if (!part.slot) {
            out += part.text;
            continue;
        }
        if (*part.slot == the_value && !value) return wrong("there is no value to be written there");
        auto text = formatted(*part.slot == the_value ? *value : params[*part.slot], part.format);
        if (!text) return tl::unexpected(text.error());
        if (text->empty() || (part.begins_word && text->front() == '-') ||
            !std::all_of(text->begin(), text->end(), harmless))
            return wrong(
                "\"" + *text +
                "\" cannot be given to a command: letters, digits and _ . - / : , @ % + = are, and no "
                "- at the beginning of a word");
        out += *text;
    }
    return {};
}

std::string TextTemplate::fixed() const {
    std::string text;
    for (const auto& part : parts_)
        text += part.text;
    return text;
}

Result<ArgumentTemplate> ArgumentTemplate::parse(const std::vector<std::string>& words,
                                                 const Vocabulary& vocabulary, const std::string& what) {
    static constexpr std::array<std::string_view, 9> shells{"sh",  "bash", "dash", "ash", "zsh",
                                                            "ksh", "csh",  "tcsh", "fish"};
    ArgumentTemplate made;
    if (words.empty()) return made;
    const std::string& program = words.front();
    if (program.empty() || program.front() != '/' || program.find('{') != std::string::npos)
        return wrong(what + ": \"" + program + "\" has to be the absolute path of a program");
    const auto name = std::string_view(program).substr(program.rfind('/') + 1);
    if (std::find(shells.begin(), shells.end(), name) != shells.end())
        return wrong(what + ": " + program + " is a shell; name the program itself, with its words");
    for (const auto& word : words) {
        auto one = TextTemplate::parse(word, vocabulary, TextTemplate::Place::word);
        if (!one) return wrong(what + ": " + one.error().text);
        made.words_.push_back(std::move(*one));
    }
    return made;
}

bool ArgumentTemplate::uses_value() const {
    return std::any_of(words_.begin(), words_.end(), [](const auto& word) { return word.uses_value(); });
}

bool ArgumentTemplate::uses_entry() const {
    return std::any_of(words_.begin(), words_.end(), [](const auto& word) { return word.uses_entry(); });
}

bool ArgumentTemplate::uses_param(std::size_t index) const {
    return std::any_of(words_.begin(), words_.end(),
                       [&](const auto& word) { return word.uses_param(index); });
}

Result<std::vector<std::string>> ArgumentTemplate::fill(std::span<const ParamValue> params,
                                                        const std::optional<ParamValue>& value) const {
    std::vector<std::string> filled(words_.size());
    for (std::size_t i = 0; i < words_.size(); ++i)
        if (auto done = words_[i].fill(filled[i], params, value); !done) return tl::unexpected(done.error());
    return filled;
}

std::vector<std::string> ArgumentTemplate::fixed() const {
    std::vector<std::string> words;
    words.reserve(words_.size());
    for (const auto& word : words_)
        words.push_back(word.fixed());
    return words;
}

}  // namespace garita::command
