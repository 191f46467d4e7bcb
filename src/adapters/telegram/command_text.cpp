#include "adapters/telegram/command_text.hpp"

#include <algorithm>

#include "model/span.hpp"

namespace garita::telegram {

namespace {

constexpr std::chrono::days longest_span{3650};
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

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

std::optional<Command> parse_command(std::string_view text) {
    auto word = next_word(text);
    if (word.size() < 2 || word.size() > 64 || word.front() != '/') return std::nullopt;
    word = word.substr(1, word.find('@') - 1);
    Command command;
    // "/ban-100123": the id of a group, as people glue it
    const auto minus = word.find('-');
    if (minus != word.npos && !is_number(word.substr(minus + 1))) return std::nullopt;
    for (const char c : word) {
        if (c == '-' && !command.name.empty()) {
            command.name += c;
            continue;
        }
        const bool upper = c >= 'A' && c <= 'Z';
        const bool fine = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (!fine) return std::nullopt;
        command.name += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (command.name.empty()) return std::nullopt;
    command.words = trimmed(text);
    command.case_number = next_word(text);
    if (command.case_number.starts_with('#')) command.case_number.remove_prefix(1);
    command.span = next_word(text);
    command.rest = next_word(text);
    return command;
}

std::optional<Duration> block_span(std::string_view text) {
    const auto span = parse_span(text);
    if (!span || span->count() == 0 || *span > longest_span) return std::nullopt;
    return Duration(*span);
}

}  // namespace garita::telegram
