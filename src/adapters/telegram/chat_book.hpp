#pragma once
// The one place that knows which chats get messages and whom Garita hears: the configured chats, where they
// are now (a group that became a supergroup has another id than the configuration says), and those that
// administrators let in or banned. A chat that threw the bot out gets nothing until it takes it back.

#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "adapters/telegram/roster.hpp"
#include "adapters/telegram/settings.hpp"
#include "store/store.hpp"

namespace garita::telegram {

/// Shared by sender and poller; any thread.
class ChatBook {
  public:
    explicit ChatBook(const Settings& settings);

    /// Takes over the moves of earlier runs, and what administrators have said; bans of the configuration
    /// that are new are said now, once.
    [[nodiscard]] Result<void> load(store::Store& store, Time now);
    /// The chat's messages and tickets follow, and so does the configuration's id from now on.
    [[nodiscard]] Result<void> move(store::Store& store, std::int64_t from, std::int64_t to);

    /// All that get messages, with the ids of today.
    [[nodiscard]] std::vector<ChatSettings> chats() const;
    /// Whether it is one of them.
    [[nodiscard]] bool serves(std::int64_t chat) const;
    [[nodiscard]] bool is_configured(std::int64_t chat) const;
    /// A chat or a person of whom nothing is heard and to whom nothing is said. Administrators never are.
    [[nodiscard]] bool is_banned(std::int64_t id) const;
    /// Nothing more goes there, neither messages nor edits: banned, or no longer let in.
    [[nodiscard]] bool is_shut(std::int64_t chat) const;
    [[nodiscard]] bool is_administrator(std::int64_t person) const;
    [[nodiscard]] const std::vector<std::int64_t>& administrators() const { return administrators_; }

    [[nodiscard]] Roster roster() const;
    [[nodiscard]] std::optional<Guest> guest(std::int64_t chat) const;
    [[nodiscard]] Roster::Asked may_ask(std::int64_t chat, Time now) const;
    [[nodiscard]] std::optional<Roster::Ticket> find_ticket(std::string_view data) const;
    [[nodiscard]] std::vector<Roster::Errand> errands() const;
    /// Changes the roster in one transaction, with whatever else the function writes, and rings those who
    /// send.
    using Change = std::function<Result<void>(store::Transaction&, Roster&)>;
    [[nodiscard]] Result<void> change(store::Store& store, const Change& change);
    /// Waits for a change under way. Its ring comes before it can be seen here, so whoever was woken by it
    /// calls this before looking.
    void catch_up();

    /// For texts in this chat, in its language and by its clock, or the hub's.
    [[nodiscard]] decide::Reader reader_of(std::int64_t chat, const Voice& voice) const;

    void mark_gone(std::int64_t chat);
    void mark_back(std::int64_t chat);
    /// The bot may speak there again: questions that are still open are asked anew.
    [[nodiscard]] Result<void> bring_back(store::Store& store, std::int64_t chat, Time now);
    /// The part of it that is stored.
    static void revive(store::Transaction& transaction, std::int64_t chat, Time now);
    [[nodiscard]] bool is_gone(std::int64_t chat) const;

  private:
    Result<void> ban_configured(store::Store& store, Time now);
    [[nodiscard]] bool is_among_configured(std::int64_t chat) const;
    [[nodiscard]] bool bans(std::int64_t id) const;

    std::mutex changing_;  ///< held over a change of the roster: what is in memory is what was stored last
    mutable std::mutex mutex_;
    std::vector<ChatSettings> chats_;  ///< the configured ones
    std::vector<std::int64_t> administrators_;
    std::vector<std::int64_t> banned_;  ///< by the configuration
    Roster roster_;
    std::string hub_language_;
    std::set<std::int64_t> gone_;
};

}  // namespace garita::telegram
