#pragma once
// When a SIEM brings more incidents than a chat can take one by one, they come as lists: each incident a
// line, with a command to tap that shows it whole, with its buttons. So every chat has each of them, and
// nobody is flooded.
//
// A line is a row of the messages like a question. What it says in place of Telegram's id tells the two
// apart: "list 123" once it stands in message 123, and while it stands in none the mark `to_be_listed` as its
// error.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/telegram/bot_api.hpp"
#include "decide/case_text.hpp"
#include "model/message.hpp"
#include "store/store.hpp"

namespace garita::telegram {

/// In last_error of a row that is a line, or is to be one.
inline constexpr std::string_view to_be_listed = "to be listed";

/// The message that has the line of this row; nothing: the row is no line.
[[nodiscard]] std::optional<std::int64_t> list_of(const Message& message);
[[nodiscard]] std::string listed_in(std::int64_t message);
[[nodiscard]] bool waits_for_list(const Message& message);

/// As many of them as one message takes, from the first on.
[[nodiscard]] std::size_t fit_in_list(const std::vector<Case>& cases, const decide::Reader& reader);
[[nodiscard]] Text list_text(const std::vector<Case>& cases, bool may_be_twice, const decide::Reader& reader);

/// Which cases stand in which list, kept so that a line can be brought up to date.
void keep_list(store::Transaction& transaction, const Place& place, std::int64_t message,
               const std::vector<Case>& cases);
[[nodiscard]] std::vector<CaseId> kept_list(store::View& view, const Place& place, std::int64_t message);

/// "case_12", the command to tap.
[[nodiscard]] std::string tap_command(CaseId id);
[[nodiscard]] std::optional<CaseId> tapped_case(std::string_view command);
/// Has the case asked in this place as a question of its own. False: it stands there in no list.
bool ask_by_itself(store::Transaction& transaction, CaseId id, const Place& place);

}  // namespace garita::telegram
