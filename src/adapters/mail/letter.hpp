#pragma once
// One letter of plain text to one recipient, as SMTP carries it (RFC 5322, 2045). Our own and not a
// library's: what is written here is one shape of message, now and then with a text attached, a function of
// its values alone, so that it can be sent again the same after a crash. Reading mail is another matter, and
// a library's.

#include <string>
#include <vector>

#include "model/time.hpp"

namespace garita::mail {

struct Letter {
    std::string from;  ///< address, as parse_mail_address spells it
    std::string to;
    std::string subject;  ///< UTF-8; whatever could end a line becomes a space
    std::string text;     ///< UTF-8, lines ended by '\n'
    std::string id;       ///< "case-12.…@example.org", without brackets
    std::string answers;  ///< id of the letter whose thread this one continues; empty: none
    Time date{};
    std::string about;  ///< "case 12", for filters in mailboxes; empty: nothing
    enum class Cause { event, letter } cause = Cause::event;  ///< of being written
    /// Plain text beside it, as `text`; without a name: none.
    struct Attachment {
        std::string name;  ///< of ASCII letters, digits, '.', '_' and '-'; all else is left out
        std::string text;
    };
    Attachment attachment{};
};

/// Headers and body. Everything but what is ASCII and short is encoded, so no line is longer than 76 bytes
/// but one with an id or address that itself is.
[[nodiscard]] std::string to_mime(const Letter& letter);

/// "Sun, 22 Nov 2026 22:18:28 +0000"
[[nodiscard]] std::string mail_date(Time at);

}  // namespace garita::mail
