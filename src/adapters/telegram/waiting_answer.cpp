#include "adapters/telegram/waiting_answer.hpp"

#include <charconv>

namespace garita::telegram {

namespace {

std::string_view next_word(std::string_view& text) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

std::optional<std::int64_t> number(std::string_view word) {
    std::int64_t value = 0;
    const auto* end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, value);
    if (word.empty() || error != std::errc{} || stopped != end) return std::nullopt;
    return value;
}

}  // namespace

std::string waiting_key(std::int64_t user) {
    return "telegram.code." + std::to_string(user);
}

std::string to_text(const WaitingAnswer& waiting) {
    return std::to_string(waiting.about.value) + ' ' + std::string(garita::to_text(waiting.response)) + ' ' +
           (waiting.lasts ? std::to_string(waiting.lasts->count()) : "-") + ' ' +
           std::to_string(to_micros(waiting.until));
}

std::optional<WaitingAnswer> parse_waiting(std::string_view text) {
    const auto id = number(next_word(text));
    const auto response = parse_response(next_word(text));
    const auto lasts = next_word(text);
    const auto until = number(text);
    if (!id || !response || !until) return std::nullopt;
    WaitingAnswer waiting{CaseId{*id}, *response, std::nullopt, from_micros(*until)};
    if (const auto span = number(lasts)) waiting.lasts = Duration{*span};
    return waiting;
}

}  // namespace garita::telegram
