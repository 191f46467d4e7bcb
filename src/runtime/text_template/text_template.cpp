#include "runtime/text_template/text_template.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "runtime/json/text.hpp"

namespace garita::runtime {

namespace {

constexpr std::size_t longest_name = 80;

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string percent_encoded(std::string_view value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : value) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

bool is_known(std::string_view name, TextTemplate::Names names) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view known) {
        return known.ends_with('.') ? name.size() > known.size() && name.starts_with(known) : name == known;
    });
}

/// What is shown of a text in an error: others may have written it.
std::string harmless(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, longest_name))
        out += c >= ' ' && c <= '~' ? c : '?';
    return out;
}

std::optional<TextTemplate::Filter> parse_filter(std::string_view word) {
    using Filter = TextTemplate::Filter;
    if (word == "plain") return Filter::plain;
    if (word == "json") return Filter::json;
    if (word == "url") return Filter::url;
    return std::nullopt;
}

std::string listed(TextTemplate::Names names) {
    std::string out;
    for (const auto name : names)
        out.append(out.empty() ? "" : ", ").append(name).append(name.ends_with('.') ? "NAME" : "");
    return out;
}

}  // namespace

std::string filtered(std::string_view value, TextTemplate::Filter filter) {
    switch (filter) {
        case TextTemplate::Filter::plain:
            return std::string(value);
        case TextTemplate::Filter::url:
            return percent_encoded(value);
        case TextTemplate::Filter::json:
            break;
    }
    const auto quoted =
        json::serialize(json::to_json_text(value, std::numeric_limits<std::size_t>::max() / 2));
    return quoted.substr(1, quoted.size() - 2);
}

Result<TextTemplate::Part> TextTemplate::placeholder(std::string_view inside, Names names, Filter usual) {
    const auto bar = inside.find('|');
    const auto name = inside.substr(0, bar);
    if (inside.find_first_of(" \"'{:,\n") != std::string_view::npos)
        return fail(ErrorCode::invalid, "a '{' with no name behind it; as a sign it is written twice");
    if (!is_known(name, names))
        return fail(ErrorCode::invalid, '{' + harmless(name) + "} is not known; there are " + listed(names));
    Part part{std::string(name), true, usual};
    if (bar == std::string_view::npos) return part;
    const auto filter = parse_filter(inside.substr(bar + 1));
    if (!filter)
        return fail(ErrorCode::invalid, '{' + harmless(inside) + "}: the filters are plain, json and url");
    part.filter = *filter;
    return part;
}

void TextTemplate::add_fixed(char c) {
    if (parts_.empty() || parts_.back().named) parts_.emplace_back();
    parts_.back().text += c;
}

Result<TextTemplate> TextTemplate::parse(std::string_view text, Names names, Filter usual) {
    TextTemplate made;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c != '{' && c != '}') {
            made.add_fixed(c);
            continue;
        }
        if (at + 1 < text.size() && text[at + 1] == c) {
            made.add_fixed(c);
            ++at;
            continue;
        }
        if (c == '}') return fail(ErrorCode::invalid, "a '}' without its '{'; as a sign it is written twice");
        const auto end = text.find('}', at);
        if (end == std::string_view::npos)
            return fail(ErrorCode::invalid, "a '{' without its '}'; as a sign it is written twice");
        auto part = placeholder(text.substr(at + 1, end - at - 1), names, usual);
        if (!part) return tl::unexpected(std::move(part.error()));
        made.parts_.push_back(std::move(*part));
        at = end;
    }
    return made;
}

std::string TextTemplate::fill(const Values& values) const {
    std::string out;
    for (const auto& part : parts_)
        out += part.named ? filtered(values(part.text), part.filter) : part.text;
    return out;
}

bool TextTemplate::is_fixed() const {
    return std::none_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.named; });
}

}  // namespace garita::runtime
