#pragma once
// When more cases wait than a chat can take, one message tells how many, and is kept up to date.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/telegram/settings.hpp"
#include "store/store.hpp"

namespace garita::telegram {

/// The cases that have no message in a chat yet.
struct Crowd {
    ChatSettings chat;
    std::vector<Case> cases;  ///< oldest first; no more than were asked for
    /// Each of which is told, in lists where they are many: of other systems, and what comes to this chat
    /// later than it began; likewise
    std::vector<Case> incidents;
    struct Shown {
        std::int64_t message = 0;
        std::size_t count = 0;
        Time at{};
    };
    std::optional<Shown> shown;  ///< the digest that stands in the chat
    std::optional<Time> next;    ///< the end of the quiet hours that hold others back
};

/// More incidents than this would come too late one by one: Telegram lets one message a second into a chat.
inline constexpr std::size_t asked_one_by_one = 3;

class Digest {
  public:
    explicit Digest(std::size_t flood_limit) : flood_limit_(flood_limit) {}

    [[nodiscard]] Crowd look(store::View& view, const ChatSettings& chat, Time now) const;
    [[nodiscard]] bool is_flood(const Crowd& crowd) const { return crowd.cases.size() > flood_limit_; }
    /// More incidents than are asked about one by one: they come as lists.
    [[nodiscard]] bool is_listed(const Crowd& crowd) const {
        return crowd.incidents.size() > std::min(flood_limit_, asked_one_by_one);
    }
    /// How long the digest may stay as it is; zero: to be sent, or brought up to date now.
    [[nodiscard]] Duration rest(const Crowd& crowd, Time now) const;

    [[nodiscard]] Text text(const Crowd& crowd, const decide::Reader& reader) const;
    [[nodiscard]] static Result<void> remember(store::Store& store, const Place& place,
                                               const std::optional<Crowd::Shown>& shown);

  private:
    std::size_t flood_limit_;
};

}  // namespace garita::telegram
