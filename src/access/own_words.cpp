#include "access/own_words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace garita::access {

namespace {

using Lines = std::vector<std::string_view>;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view hard_space = "\xC2\xA0";
    while (true) {
        if (!line.empty() && is_blank(line.front()))
            line.remove_prefix(1);
        else if (!line.empty() && is_blank(line.back()))
            line.remove_suffix(1);
        else if (line.starts_with(hard_space))
            line.remove_prefix(2);
        else if (line.ends_with(hard_space))
            line.remove_suffix(2);
        else
            return line;
    }
}

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// Capital letters of ASCII and of Russian (in UTF-8) as small ones.
std::string lower(std::string_view text) {
    std::string out(text);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto c = static_cast<unsigned char>(out[i]);
        const auto next = i + 1 < out.size() ? static_cast<unsigned char>(out[i + 1]) : 0U;
        if (c >= 'A' && c <= 'Z') out[i] = static_cast<char>(c - 'A' + 'a');
        if (c != 0xD0) continue;
        if (next >= 0x90 && next <= 0x9F) out[i + 1] = static_cast<char>(next + 0x20);  // А to П
        if (next >= 0xA0 && next <= 0xAF) {                                             // Р to Я
            out[i] = '\xD1';
            out[i + 1] = static_cast<char>(next - 0x20);
        }
    }
    return out;
}

template <std::size_t Size>
bool ends_with_any(std::string_view text, const std::array<std::string_view, Size>& ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return text.ends_with(end); });
}

template <std::size_t Size>
bool begins_with_any(std::string_view text, const std::array<std::string_view, Size>& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](std::string_view one) { return text.starts_with(one); });
}

std::size_t digits_in(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

bool is_quoted(std::string_view line) {
    return trimmed(line).starts_with('>');
}

/// "On Mon, 23 Nov 2026 at 01:30, Ana <ana@example.org> wrote:", as one line.
bool is_attribution(std::string_view joined) {
    constexpr std::array<std::string_view, 16> verbs = {
        "wrote:",  "writes:",   "escribió:", "escribio:", "ha escrito:", "пишет:",   "писал:",    "писала:",
        "писали:", "писал(а):", "написал:",  "написала:", "написал(а):", "schrieb:", "a écrit :", "a écrit:"};
    const auto text = lower(joined);
    if (text.size() > 600 || !text.ends_with(':') || digits_in(text) < 3) return false;
    // some programs write no verb: "23.11.2026, 01:30, "Ana" <ana@example.org>:"
    return ends_with_any(text, verbs) ||
           (digits_in(text) >= 6 && text.find('@') != std::string::npos && text.ends_with(">:"));
}

/// How many lines from here are such a line; 0: none. Programs break it in two or three.
std::size_t attribution_at(const Lines& lines, std::size_t at) {
    std::string joined;
    for (std::size_t i = at; i < lines.size() && i < at + 4; ++i) {
        const auto line = trimmed(lines[i]);
        if (line.empty() || line.size() > 400) return 0;
        joined += joined.empty() ? "" : " ";
        joined += line;
        if (!line.ends_with(':')) continue;
        // own words above it must not be drawn in: it begins as such lines do
        constexpr std::array<std::string_view, 6> beginnings = {"on ", "el ", "le ", "am ", "в ", "во "};
        const auto text = lower(joined);
        const bool begins = begins_with_any(text, beginnings) || digits_in(trimmed(lines[at])) >= 3;
        return begins && is_attribution(joined) ? i - at + 1 : 0;
    }
    return 0;
}

/// "-----Original Message-----", "---------- Forwarded message ---------"
bool is_divider(std::string_view line) {
    line = trimmed(line);
    constexpr std::array<std::string_view, 4> forwarded = {
        "begin forwarded message:", "начало переадресованного сообщения:", "начало пересылаемого сообщения:",
        "inicio del mensaje reenviado:"};
    if (begins_with_any(lower(line), forwarded)) return true;
    if (line.size() >= 20 && line.find_first_not_of('_') == std::string_view::npos) return true;
    if (line.size() < 10 || line.size() > 120 || !line.starts_with("---") || !line.ends_with("---"))
        return false;
    const auto begin = line.find_first_not_of('-');
    return begin != std::string_view::npos && line[begin] != '+' && line[begin] != '|';
}

/// The field that the line names, if it is one of a letter's head: 'f'rom, 'd'ate, 't'o, 's'ubject.
char head_field(std::string_view line) {
    auto text = lower(trimmed(line));
    text.erase(std::remove(text.begin(), text.end(), '*'), text.end());
    constexpr std::array<std::string_view, 5> from = {"from:", "de:", "от:", "отправитель:", "von:"};
    constexpr std::array<std::string_view, 8> date = {
        "sent:", "date:", "enviado:", "enviado el:", "отправлено:", "дата:", "fecha:", "gesendet:"};
    constexpr std::array<std::string_view, 5> to = {"to:", "para:", "кому:", "cc:", "копия:"};
    constexpr std::array<std::string_view, 4> subject = {"subject:", "asunto:", "тема:", "betreff:"};
    if (begins_with_any(text, from)) return 'f';
    if (begins_with_any(text, date)) return 'd';
    if (begins_with_any(text, to)) return 't';
    return begins_with_any(text, subject) ? 's' : '\0';
}

/// Outlook's head of what it quotes: From and, in the next lines, two others of its fields.
bool is_head(const Lines& lines, std::size_t at) {
    if (head_field(lines[at]) != 'f') return false;
    std::string seen;
    for (std::size_t i = at + 1; i < lines.size() && i < at + 8; ++i) {
        const char field = head_field(lines[i]);
        if (field != '\0' && field != 'f' && seen.find(field) == std::string::npos) seen += field;
    }
    return seen.size() >= 2;
}

bool is_signature(std::string_view line) {
    while (line.ends_with('\r') || line.ends_with(' '))
        line.remove_suffix(1);
    return line == "--";
}

bool ends_own_words(const Lines& lines, std::size_t at) {
    const auto line = lines[at];
    return is_quoted(line) || is_signature(line) || is_divider(line) || is_head(lines, at) ||
           attribution_at(lines, at) > 0;
}

}  // namespace

std::string own_words(std::string_view text) {
    const auto lines = lines_of(text);
    std::string out;
    for (std::size_t i = 0; i < lines.size() && !ends_own_words(lines, i); ++i) {
        auto line = lines[i];
        while (!line.empty() && is_blank(line.back()))
            line.remove_suffix(1);
        out.append(line).append("\n");
    }
    const auto begin = out.find_first_not_of(" \t\n");
    if (begin == std::string::npos) return {};
    return out.substr(begin, out.find_last_not_of(" \t\n") + 1 - begin);
}

}  // namespace garita::access
