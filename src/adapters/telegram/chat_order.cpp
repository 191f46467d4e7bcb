#include "adapters/telegram/chat_order.hpp"

#include <array>
#include <charconv>

namespace garita::telegram {

namespace {

using What = ChatOrder::What;
// "unban" and "accept" before what they begin with is no matter: behind the name there must be an id
constexpr std::array<std::pair<std::string_view, What>, 4> orders = {
    {{"accept", What::accept}, {"deny", What::deny}, {"ban", What::ban}, {"unban", What::unban}}};
constexpr std::int64_t longest_id = (std::int64_t{1} << 52) - 1;

}  // namespace

std::optional<std::int64_t> parse_chat_id(std::string_view text) {
    const bool minus = text.starts_with('-') || text.starts_with('m');
    if (minus) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stopped != end || number == 0 || number > longest_id) return std::nullopt;
    return minus ? -number : number;
}

std::optional<ChatOrder> chat_order(const Command& command) {
    for (const auto& [name, what] : orders) {
        if (!command.name.starts_with(name)) continue;
        auto behind = std::string_view(command.name).substr(name.size());
        if (behind.empty()) {
            const bool alone = command.span.empty() && command.rest.empty();
            return ChatOrder{what, alone ? parse_chat_id(command.case_number) : std::nullopt, false};
        }
        if (behind.starts_with('_')) behind.remove_prefix(1);
        const auto chat = parse_chat_id(behind);
        if (chat && command.words.empty()) return ChatOrder{what, chat, true};
    }
    return std::nullopt;
}

std::string tappable(std::string_view name, std::int64_t chat) {
    const auto digits = std::to_string(chat);
    return '/' + std::string(name) + (chat < 0 ? "_m" + digits.substr(1) : digits);
}

}  // namespace garita::telegram
