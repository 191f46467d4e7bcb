#pragma once
// What the rows of messages remember of Telegram.

#include <charconv>
#include <string>
#include <string_view>

#include "model/case.hpp"
#include "model/message.hpp"

namespace garita::telegram {

/// In last_error while a message is sent for the second time: found again, it is not tried a third time.
inline constexpr std::string_view interrupted = "the hub stopped while this was being sent";

/// Before each try. An earlier one whose end is not known stays remembered: the copy may exist twice.
inline void begin_sending(Message& message, Time now) {
    if (!message.sending_since) message.sending_since = now;
}

/// In external_id of a row of the lapse channel.
[[nodiscard]] std::string lapse_mark(std::int64_t message, const Case& about);

/// Telegram's id of it; 0: it has none yet.
[[nodiscard]] inline std::int64_t message_id(const Message& message) {
    std::int64_t id = 0;
    std::from_chars(message.external_id.data(), message.external_id.data() + message.external_id.size(), id);
    return id;
}

}  // namespace garita::telegram
