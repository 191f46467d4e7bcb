#include <charconv>

#include "adapters/telegram/bot_api.hpp"

namespace garita::telegram {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

}  // namespace

std::string to_text(const Place& place) {
    auto text = std::to_string(place.chat);
    if (place.thread) text += '/' + std::to_string(*place.thread);
    return text;
}

std::optional<Place> parse_place(std::string_view text) {
    const auto slash = text.find('/');
    const auto chat = whole_number(text.substr(0, slash));
    if (!chat) return std::nullopt;
    if (slash == text.npos) return Place{*chat, std::nullopt};
    const auto thread = whole_number(text.substr(slash + 1));
    if (!thread) return std::nullopt;
    return Place{*chat, thread};
}

}  // namespace garita::telegram
