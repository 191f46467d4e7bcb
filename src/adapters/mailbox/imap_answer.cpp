#include "adapters/mailbox/imap_answer.hpp"

#include <algorithm>
#include <charconv>

namespace garita::mailbox {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(char one, char other) {
    return lower(one) == lower(other);
}

bool starts_with(std::string_view text, std::string_view beginning) {
    return text.size() >= beginning.size() &&
           std::equal(beginning.begin(), beginning.end(), text.begin(), same);
}

bool is_edge(char c) {
    return std::string_view(" ()[]{}\"\r\n").find(c) != std::string_view::npos;
}

template <typename Number>
std::optional<Number> leading_number(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || (end != text.data() + text.size() && !is_edge(*end))) return std::nullopt;
    return number;
}

/// Where the word ends; npos: it does not stand there by itself.
std::size_t end_of_word(std::string_view line, std::string_view word) {
    auto from = line.begin();
    while (true) {
        const auto at = std::search(from, line.end(), word.begin(), word.end(), same);
        if (at == line.end()) return std::string_view::npos;
        const auto end = at + static_cast<std::ptrdiff_t>(word.size());
        if ((at == line.begin() || is_edge(*(at - 1))) && (end == line.end() || is_edge(*end)))
            return static_cast<std::size_t>(end - line.begin());
        from = at + 1;
    }
}

/// "* 23 NAME": the rest after the number.
std::string_view numbered(std::string_view line) {
    if (!line.starts_with("* ")) return {};
    line.remove_prefix(2);
    const auto end = line.find_first_not_of("0123456789");
    if (end == 0 || end == std::string_view::npos || line[end] != ' ') return {};
    return line.substr(end + 1);
}

}  // namespace

std::optional<std::uint64_t> literal_size(std::string_view line) {
    if (!line.ends_with('}')) return std::nullopt;
    const auto begin = line.rfind('{');
    if (begin == std::string_view::npos) return std::nullopt;
    auto digits = line.substr(begin + 1, line.size() - begin - 2);
    if (digits.ends_with('+')) digits.remove_suffix(1);
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return size;
}

std::optional<std::uint64_t> number_after(std::string_view line, std::string_view word) {
    const auto end = end_of_word(line, word);
    if (end == std::string_view::npos || end >= line.size() || line[end] != ' ') return std::nullopt;
    return leading_number<std::uint64_t>(line.substr(end + 1));
}

std::vector<std::uint32_t> search_results(std::string_view line) {
    std::vector<std::uint32_t> found;
    if (!starts_with(line, "* SEARCH")) return found;
    line.remove_prefix(8);
    while (!line.empty() && line.front() == ' ') {
        line.remove_prefix(1);
        const auto end = std::min(line.find(' '), line.size());
        if (const auto number = leading_number<std::uint32_t>(line.substr(0, end))) found.push_back(*number);
        line.remove_prefix(end);
    }
    return found;
}

bool is_exists(std::string_view line) {
    const auto rest = numbered(line);
    return rest.size() == 6 && starts_with(rest, "EXISTS");
}

bool is_fetch(std::string_view line) {
    return starts_with(numbered(line), "FETCH (");
}

bool has_word(std::string_view line, std::string_view word) {
    return end_of_word(line, word) != std::string_view::npos;
}

bool allows_keywords(std::string_view line) {
    return has_word(line, "PERMANENTFLAGS") && has_word(line, "\\*");
}

std::optional<ImapUid> parse_imap_uid(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto validity = leading_number<std::uint32_t>(text.substr(0, dot));
    const auto uid = leading_number<std::uint32_t>(text.substr(dot + 1));
    if (!validity || !uid || *uid == 0) return std::nullopt;
    const ImapUid parsed{*validity, *uid};
    if (to_text(parsed) != text) return std::nullopt;
    return parsed;
}

std::string to_text(const ImapUid& uid) {
    return std::to_string(uid.validity) + '.' + std::to_string(uid.uid);
}

}  // namespace garita::mailbox
