#include "access/letter_fields.hpp"

#include <algorithm>
#include <utility>

namespace garita::access {

namespace {

constexpr std::size_t most_fields = 500;
constexpr std::size_t longest_head = 256 * 1024;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

std::string lower_of(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

/// RFC 5322: printable ASCII without a colon.
bool is_field_name(std::string_view name) {
    return !name.empty() && name.size() <= 100 &&
           std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

tl::unexpected<Error> broken(const char* why) {
    return fail(ErrorCode::invalid, std::string("the letter's head is broken: ") + why);
}

/// The field at the front, with the lines that continue it; its last end of line left out.
std::string_view first_field(std::string_view text) {
    std::size_t end = 0;
    do
        end = std::min(text.find("\r\n", end == 0 ? 0 : end + 2), text.size());
    while (end + 2 < text.size() && is_blank(text[end + 2]));
    return text.substr(0, end);
}

Result<LetterField> parse_field(std::string_view raw) {
    const auto colon = raw.find(':');
    if (colon == std::string_view::npos) return broken("a line of it has no colon");
    const auto name = trimmed(raw.substr(0, colon));
    if (!is_field_name(name)) return broken("a field has no proper name");
    LetterField field{lower_of(name), raw, {}};
    for (const char c : raw.substr(colon + 1)) {
        if (c == '\0') return broken("it contains a zero byte");
        if (c != '\r' && c != '\n') field.value += c == '\t' ? ' ' : c;
    }
    // a CR or LF alone would be an end of the line to some readers and none to others
    std::size_t at = 0;
    while ((at = raw.find_first_of("\r\n", at)) != std::string_view::npos) {
        if (raw.substr(at, 2) != "\r\n") return broken("a line of it ends in an unusual way");
        at += 2;
    }
    field.value = trimmed(field.value);
    return field;
}

/// A word or a quoted string at the front, which is taken away.
std::string take_value(std::string_view& text) {
    std::string out;
    text = trimmed(text);
    if (!text.starts_with('"')) {
        const auto end = std::min(text.find_first_of("; \t"), text.size());
        out = text.substr(0, end);
        text.remove_prefix(end);
        return out;
    }
    std::size_t i = 1;
    for (; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        out += text[i];
    }
    text.remove_prefix(std::min(i + 1, text.size()));
    return out;
}

}  // namespace

std::size_t LetterFields::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(), [&](const LetterField& field) { return field.name == name; }));
}

std::string_view LetterFields::value(std::string_view name) const {
    for (const auto& field : fields)
        if (field.name == name) return field.value;
    return {};
}

std::string with_mail_line_ends(std::string_view raw) {
    std::string out;
    out.reserve(raw.size() + raw.size() / 32);
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r')) out += '\r';
        out += raw[i];
    }
    return out;
}

Result<LetterFields> split_letter(std::string_view text) {
    LetterFields letter;
    const auto whole = text;
    while (!text.empty() && !text.starts_with("\r\n")) {
        if (is_blank(text.front())) return broken("it begins with a continued line");
        const auto raw = first_field(text);
        text.remove_prefix(std::min(raw.size() + 2, text.size()));
        if (letter.fields.size() == most_fields) return broken("it has too many fields");
        if (whole.size() - text.size() > longest_head) return broken("it is too long");
        auto field = parse_field(raw);
        if (!field) return tl::unexpected(std::move(field.error()));
        letter.fields.push_back(std::move(*field));
    }
    if (text.starts_with("\r\n")) text.remove_prefix(2);
    letter.body = text;
    return letter;
}

std::string_view FieldWithParameters::parameter(std::string_view name) const {
    for (const auto& [known, text] : parameters)
        if (known == name) return text;
    return {};
}

FieldWithParameters parse_parameters(std::string_view value) {
    FieldWithParameters field;
    const auto end = std::min(value.find(';'), value.size());
    field.value = lower_of(trimmed(value.substr(0, end)));
    value.remove_prefix(end);
    while (!value.empty() && field.parameters.size() < 50) {
        value.remove_prefix(1);  // ';'
        const auto equals = value.find_first_of("=;");
        if (equals == std::string_view::npos) break;
        if (value[equals] == ';') {
            value.remove_prefix(equals);
            continue;
        }
        auto name = lower_of(trimmed(value.substr(0, equals)));
        value.remove_prefix(equals + 1);
        auto text = take_value(value);
        field.parameters.emplace_back(std::move(name), std::move(text));
        value.remove_prefix(std::min(value.find(';'), value.size()));
    }
    return field;
}

}  // namespace garita::access
