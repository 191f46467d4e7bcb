#pragma once
// Questions as they stand in the channels: one row a copy, so that no alert is sent twice or forgotten, and
// every copy is kept up to date.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.hpp"
#include "model/response.hpp"
#include "model/time.hpp"

namespace garita {

/// In Message::last_error of what waits for the end of quiet hours: until next_try, or until its case
/// changes.
inline constexpr std::string_view held_back = "held back until quiet hours end";

/// One copy of a case's question in one chat. shown_version < Case::version: the copy has to be edited.
struct Message {
    std::int64_t id = 0;
    CaseId case_id;
    std::string channel;  ///< "telegram"
    std::string place;    ///< the chat, as the channel names it: "-100123" or "-100123/5" with a topic
    std::string
        external_id;  ///< the channel's id of the sent message; empty while it is not known to be sent
    std::int64_t shown_version = 0;
    int attempts = 0;
    std::optional<Time>
        sending_since;  ///< set before the first send: found after a crash, the copy may exist twice
    std::optional<Time> next_try;
    std::string last_error;
    bool abandoned = false;  ///< the chat is gone for good (kicked, blocked, deactivated)
};

/// What a button carries instead of its meaning: an opaque id, valid for one case, answer and copy.
struct ButtonTicket {
    std::string ticket;  ///< 128 random bits, base64url
    CaseId case_id;
    Response response = Response::nothing;
    std::string channel;
    std::string place;
    Time created_at{};
};

}  // namespace garita
