#pragma once
// What Garita needs of Telegram's Bot API, as an interface: the real one speaks HTTP (http_bot_api.hpp),
// tests bring their own.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

namespace garita::telegram {

/// Why Telegram did not do it. What is as good as done (an edit that changes nothing, an answer that comes
/// too late to be seen) is not an error.
struct ApiError {
    enum class Kind {
        token_refused,  ///< wrong or revoked token: do not hammer
        chat_gone,      ///< kicked, blocked, deactivated, deleted, unknown: nothing more goes there
        migrated,       ///< the group got a new id: `migrate_to`
        conflict,       ///< another program polls with this token
        webhook_set,    ///< updates go to a webhook until it is deleted
        slow_down,      ///< not before `retry_after`
        message_gone,   ///< the message to be edited was deleted
        refused,        ///< any other answer 4xx: the same request would be refused again
        transient,      ///< network, 5xx, or an answer that is not the Bot API's; it may have been done
    };
    Kind kind = Kind::transient;
    std::string text;  ///< what Telegram or the network said; never the token
    std::chrono::seconds retry_after{0};
    std::int64_t migrate_to = 0;
    bool maybe_done = false;  ///< the request went out, and nobody knows what became of it
};

template <typename T>
using Reply = tl::expected<T, ApiError>;

struct User {
    std::int64_t id = 0;
    bool is_bot = false;
    std::string name;      ///< first and last name, as the user chose them
    std::string username;  ///< without "@"; empty: none
    std::string language;  ///< "ru", "es-ES"; empty: unknown
};

struct TextMessage {
    std::int64_t id = 0;  ///< 0: unknown
    std::int64_t chat = 0;
    std::optional<std::int64_t> thread;
    std::optional<User> from;
    bool from_chat = false;  ///< written in the name of a chat (anonymous administrator, channel)
    bool is_private = false;
    std::string title;  ///< of the group or channel; empty in a private chat
    std::string text;
    std::optional<std::int64_t> migrate_to;  ///< service message: this group got a new id
};

/// A button was pressed. What the message said is not looked at: only our own store counts.
struct Press {
    std::string id;  ///< for the answer
    User from;
    std::optional<std::int64_t> chat;  ///< none where the message is too old or was sent inline
    std::string data;
};

/// The bot was put into a chat or thrown out.
struct Membership {
    std::int64_t chat = 0;
    std::string title;
    bool present = false;
    User by{};  ///< who did it
};

struct Update {
    std::int64_t id = 0;
    std::variant<std::monostate, TextMessage, Press, Membership> what;  ///< monostate: nothing we know
};

struct Button {
    std::string label;
    std::string data;  ///< at most 64 bytes
};
using Keyboard = std::vector<std::vector<Button>>;

/// A chat, and a topic of it.
struct Place {
    std::int64_t chat = 0;
    std::optional<std::int64_t> thread;
    friend auto operator<=>(const Place&, const Place&) = default;
};

/// "-100123", "-100123/5": as the store names it.
[[nodiscard]] std::string to_text(const Place& place);
[[nodiscard]] std::optional<Place> parse_place(std::string_view text);

enum class Media { animation, sticker };

/// A text of at most 4096 UTF-16 units; its first `bold_units` are shown bold.
struct Text {
    std::string plain;
    std::size_t bold_units = 0;
    std::int64_t answers = 0;  ///< when sent: a message of the same chat, if it is still there; 0: none
};

class BotApi {
  public:
    virtual ~BotApi() = default;
    /// Waits up to `wait` (at most 50 s) for updates with ids from `offset` on; confirms the earlier ones.
    virtual Reply<std::vector<Update>> updates(std::int64_t offset, std::chrono::seconds wait) = 0;
    /// Returns the message's id.
    virtual Reply<std::int64_t> send(const Place& place, const Text& text, const Keyboard& keyboard) = 0;
    /// A picture that moves or sticks: `what` is a URL that Telegram fetches, or its id of a file.
    virtual Reply<std::int64_t> show(const Place& place, Media media, std::string_view what) = 0;
    /// An empty keyboard takes the buttons away.
    virtual Reply<void> edit(std::int64_t chat, std::int64_t message, const Text& text,
                             const Keyboard& keyboard) = 0;
    /// Shows the text (at most 200 characters) to the person who pressed; empty: the button stops waiting.
    virtual Reply<void> answer_press(std::string_view press, std::string_view text) = 0;
    /// In private chats any message of the last two days, elsewhere where the bot may.
    virtual Reply<void> remove(std::int64_t chat, std::int64_t message) = 0;
    virtual Reply<void> delete_webhook() = 0;
};

}  // namespace garita::telegram
