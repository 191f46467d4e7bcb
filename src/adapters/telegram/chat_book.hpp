#pragma once
// Where the configured chats are now: a group that became a supergroup has another id than the configuration
// says, and a chat that threw the bot out gets nothing until it takes it back.

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "adapters/telegram/settings.hpp"
#include "store/store.hpp"

namespace garita::telegram {

/// Shared by sender and poller; any thread.
class ChatBook {
  public:
    explicit ChatBook(const Settings& settings);

    /// Takes over the moves of earlier runs.
    [[nodiscard]] Result<void> load(store::Store& store);
    /// The chat's messages and tickets follow, and so does the configuration's id from now on.
    [[nodiscard]] Result<void> move(store::Store& store, std::int64_t from, std::int64_t to);

    /// With the ids of today.
    [[nodiscard]] std::vector<ChatSettings> chats() const;
    [[nodiscard]] bool is_configured(std::int64_t chat) const;
    /// The chat's language, or the hub's.
    [[nodiscard]] std::string language_of(std::int64_t chat) const;

    void mark_gone(std::int64_t chat);
    /// Questions that are still open are asked there again.
    [[nodiscard]] Result<void> bring_back(store::Store& store, std::int64_t chat, Time now);
    [[nodiscard]] bool is_gone(std::int64_t chat) const;

  private:
    mutable std::mutex mutex_;
    std::vector<ChatSettings> chats_;
    std::string hub_language_;
    std::set<std::int64_t> gone_;
};

}  // namespace garita::telegram
