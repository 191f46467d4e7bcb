#pragma once
// The Bot API's JSON. Pure functions over foreign bytes: nothing throws, nothing is trusted.

#include <string>
#include <string_view>

#include "adapters/telegram/bot_api.hpp"

namespace garita::telegram::wire {

/// What came back over HTTP, before it is understood.
struct Answer {
    int status = 0;
    std::string_view body;
    std::string_view retry_after;  ///< the header of that name; empty: none
};

/// An update that is damaged or of a kind we do not know comes as monostate; one without an id is left out.
[[nodiscard]] Reply<std::vector<Update>> read_updates(const Answer& answer);
/// The id of the message that was sent.
[[nodiscard]] Reply<std::int64_t> read_sent(const Answer& answer);
/// For calls whose result does not matter; "not modified" and "query is too old" count as done.
[[nodiscard]] Reply<void> read_done(const Answer& answer);

[[nodiscard]] std::string write_get_updates(std::int64_t offset, std::chrono::seconds wait);
[[nodiscard]] std::string write_send(const Place& place, const Text& text, const Keyboard& keyboard);
[[nodiscard]] std::string write_show(const Place& place, Media media, std::string_view what);
[[nodiscard]] std::string write_edit(std::int64_t chat, std::int64_t message, const Text& text,
                                     const Keyboard& keyboard);
[[nodiscard]] std::string write_remove(std::int64_t chat, std::int64_t message);
[[nodiscard]] std::string write_answer_press(std::string_view press, std::string_view text);

}  // namespace garita::telegram::wire
