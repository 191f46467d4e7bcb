#pragma once
// A letter that is to go out and is about no case: an answer, a report. Written into the store with what it
// tells of; a worker sends it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/alert.hpp"
#include "model/time.hpp"

namespace garita {

struct QueuedLetter {
    enum class State : std::uint8_t { waiting, sending, sent, given_up };

    std::int64_t id = 0;
    std::string to;        ///< address, as parse_mail_address spells it
    std::string language;  ///< empty: the hub's
    /// Of the catalogue: "access.done" has ".subject" and ".text". More behind it, each after a blank, are
    /// whole texts of their own, a paragraph each: "access.done access.warn.protect_mode". The facts are for
    /// all.
    std::string words;
    /// "code" is a secret: forgotten once the letter is sent or given up.
    Facts facts;
    std::string appended{};  ///< below the text, or beside it if long: a log, the original letter
    std::string about{};     ///< "access A17", for filters in mailboxes and for asking
    std::string answers{};   ///< Message-ID, without brackets, of the letter that it answers; empty: none

    std::string message_id{};  ///< its own, given by the book: the same however often it is sent
    Time created_at{};
    State state = State::waiting;
    std::optional<Time> next_try{};
    int tries = 0;
    std::string last_error{};
    friend bool operator==(const QueuedLetter&, const QueuedLetter&) = default;
};
[[nodiscard]] std::string_view to_text(QueuedLetter::State state);
[[nodiscard]] std::optional<QueuedLetter::State> parse_letter_state(std::string_view text);

}  // namespace garita
