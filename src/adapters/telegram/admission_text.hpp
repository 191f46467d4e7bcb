#pragma once
// A request to be let in, as administrators see it.

#include "adapters/telegram/bot_api.hpp"
#include "adapters/telegram/roster.hpp"
#include "decide/case_text.hpp"

namespace garita::telegram {

/// "ops (-100123)"; the id alone where no name is known.
[[nodiscard]] std::string guest_name(std::int64_t chat, std::string_view name);
/// "allowed by ana (telegram) at 2026-11-22 …": how it stands; empty while it waits.
[[nodiscard]] std::string standing_text(const Guest& guest, const decide::Reader& reader);
[[nodiscard]] std::string verdict_label(Standing verdict, const decide::Reader& reader);
[[nodiscard]] Text request_text(const Guest& guest, const decide::Reader& reader);
/// Empty for a guest who does not wait.
[[nodiscard]] Keyboard request_keyboard(const Guest& guest, const Notice& notice,
                                        const decide::Reader& reader);

}  // namespace garita::telegram
