#pragma once
// The chats beside the configured ones: who has asked for messages, and what administrators said to it. A
// value with its rules: no store, no Telegram, no clock.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::telegram {

enum class Standing {
    waiting,  ///< for an administrator's word
    allowed,  ///< gets all cases
    ignored,  ///< may ask again after a while
    banned,   ///< silent both ways
    closed,   ///< gets nothing, and may ask again
};
[[nodiscard]] std::string_view to_text(Standing standing);
[[nodiscard]] std::optional<Standing> parse_standing(std::string_view word);

/// What the three buttons of a request mean, in their order.
inline constexpr std::array<Standing, 3> verdicts = {Standing::allowed, Standing::ignored, Standing::banned};

/// What one administrator was shown of a request.
struct Notice {
    std::int64_t admin = 0;              ///< the person, who is the private chat as well
    std::int64_t message = 0;            ///< Telegram's id of it; 0: not known to be sent
    std::int64_t shown = 0;              ///< the revision of the guest that it tells
    std::array<std::string, 3> tickets;  ///< of the buttons, as `verdicts`
};

/// A chat that is not in the configuration, or about which more was said than stands there.
struct Guest {
    std::int64_t chat = 0;  ///< positive: a person, banned wherever he or she writes
    Standing standing = Standing::closed;
    std::string name;           ///< as the chat called itself, one clean line; empty: unknown
    std::string by;             ///< who said so; empty: nobody
    Time at{};                  ///< when it was asked or said
    std::int64_t revision = 0;  ///< grows with what notices have to show
    bool untold = false;        ///< allowed, and the chat has not heard of it yet
    std::vector<Notice> notices;

    [[nodiscard]] Notice* notice_for(std::int64_t admin);
};

class Roster {
  public:
    enum class Asked {
        asked,    ///< from now on it waits
        waiting,  ///< it does already
        not_now,  ///< ignored for a while, allowed or banned
        full,     ///< too many wait, or too many have asked in this hour
    };
    /// What `ask` would say.
    [[nodiscard]] Asked may_ask(std::int64_t chat, Time now) const;
    Asked ask(std::int64_t chat, std::string name, Time now);

    enum class Settled { done, already, full };
    Settled settle(std::int64_t chat, Standing standing, std::string who, Time now);
    /// Nobody waits there any more: the bot is not in that chat. False: it did not wait.
    bool withdraw(std::int64_t chat, Time now);
    /// The chat has another id now. Where something was said to both ids, a ban counts before all, and what
    /// was allowed before what waits.
    void move(std::int64_t from, std::int64_t to);

    [[nodiscard]] const std::vector<Guest>& guests() const { return guests_; }
    [[nodiscard]] const Guest* find(std::int64_t chat) const;
    [[nodiscard]] Guest* find(std::int64_t chat);
    [[nodiscard]] bool stands(std::int64_t chat, Standing standing) const;
    [[nodiscard]] std::size_t count(Standing standing) const;
    struct Ticket {
        Guest guest;
        std::int64_t admin = 0;  ///< in whose chat the button is
        Standing verdict = Standing::ignored;
    };
    [[nodiscard]] std::optional<Ticket> find_ticket(std::string_view data) const;

    /// What is still to be said to somebody about a guest.
    struct Errand {
        enum class Kind { ask, show, welcome };
        Kind kind = Kind::ask;
        Guest guest;
        std::int64_t admin = 0;  ///< whom to ask, or whose message to bring up to date
    };
    /// At most `most`; every administrator is asked, also one who came later than the request.
    [[nodiscard]] std::vector<Errand> errands(const std::vector<std::int64_t>& administrators,
                                              std::size_t most) const;

    /// As the store keeps it. What cannot be read is an error: a ban must not be lost in silence.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static Result<Roster> parse(std::string_view text);

  private:
    [[nodiscard]] bool hour_is_full(Time now) const;
    Guest& at(std::int64_t chat);
    void forget_old(Time now);

    std::vector<Guest> guests_;
    Time hour_{};  ///< since when `asked_` counts
    std::int64_t asked_ = 0;
};

}  // namespace garita::telegram
