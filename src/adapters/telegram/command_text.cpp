#include <charconv>

#include "adapters/telegram/commands.hpp"

namespace garita::telegram {

namespace {

constexpr std::int64_t longest_span = 10LL * 365 * 86400;
constexpr std::string_view blanks = " \t\r\n\f\v";

std::string_view next_word(std::string_view& text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos) {
        text = {};
        return {};
    }
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    return word;
}

std::int64_t seconds_in(char unit) {
    switch (unit) {
        case 's':
            return 1;
        case 'm':
            return 60;
        case 'h':
            return 3600;
        case 'd':
            return 86400;
        default:
            return 0;
    }
}

}  // namespace

std::optional<Command> parse_command(std::string_view text) {
    auto word = next_word(text);
    if (word.size() < 2 || word.size() > 64 || word.front() != '/') return std::nullopt;
    word = word.substr(1, word.find('@') - 1);
    Command command;
    for (const char c : word) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool fine = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (!fine) return std::nullopt;
        command.name += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (command.name.empty()) return std::nullopt;
    command.case_number = next_word(text);
    if (command.case_number.starts_with('#')) command.case_number.remove_prefix(1);
    command.span = next_word(text);
    command.rest = next_word(text);
    return command;
}

std::optional<Duration> parse_span(std::string_view text) {
    std::int64_t total = 0;
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto* end = text.data() + text.size();
        const auto [stopped, error] = std::from_chars(text.data(), end, count);
        if (error != std::errc{} || stopped == end || count < 0 || count > longest_span) return std::nullopt;
        const auto unit = seconds_in(*stopped);
        if (unit == 0) return std::nullopt;
        total += count * unit;
        if (total > longest_span) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(stopped - text.data()) + 1);
    }
    if (total == 0) return std::nullopt;
    return std::chrono::seconds{total};
}

}  // namespace garita::telegram
