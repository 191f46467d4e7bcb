#pragma once
// "/ban -100123" in its spellings: which chat or person an administrator means.

#include <optional>

#include "adapters/telegram/command_text.hpp"

namespace garita::telegram {

/// An order about a chat.
struct ChatOrder {
    enum class What { accept, deny, ban, unban };
    What what = What::accept;
    std::optional<std::int64_t> chat;  ///< nullopt: none was named, or what stands there is no id
    bool glued = false;                ///< "/accept12": it can mean no case
};

/// Ids as Telegram gives them out: not 0, at most 52 bits. "-100123", "100123", "m100123" for -100123.
[[nodiscard]] std::optional<std::int64_t> parse_chat_id(std::string_view text);
/// "/ban-5", "/ban_m5" (which can be tapped in Telegram), "/ban -5", and "@garita_bot" before or behind the
/// id. Nullopt: another command.
[[nodiscard]] std::optional<ChatOrder> chat_order(const Command& command);
/// "/ban_m5", "/ban5": what can be tapped in a list.
[[nodiscard]] std::string tappable(std::string_view name, std::int64_t chat);

}  // namespace garita::telegram
