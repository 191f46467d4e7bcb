#pragma once
// How often `notify` hears of letters that were not acted upon. Whoever floods the mailbox shall not flood
// people: of one sender and kind one notice an hour, of all together some, and then how many there were.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "model/time.hpp"

namespace garita::access {

/// Why a letter was not acted upon.
enum class NoticeKind {
    outsider,   ///< from an address that is nobody's
    unproven,   ///< says to be from one of the people, and nothing proves it
    replayed,   ///< a letter that was acted upon comes again
    forbidden,  ///< of a person without the right
    broken,     ///< not readable
    huge,
    stuck,  ///< cannot be fetched, or ended the program each time it was read
    late,   ///< its proof could not be looked at in time
};
[[nodiscard]] std::string_view to_text(NoticeKind kind);

/// A value that is kept in the store as text, in the transaction of the notice.
class NoticePace {
  public:
    static constexpr Duration span = std::chrono::hours{1};
    static constexpr std::size_t most_told = 20;   ///< in one span, of all kinds and senders
    static constexpr std::size_t most_names = 50;  ///< senders that the count names

    /// True: tell it now. False: it was counted.
    [[nodiscard]] bool take(NoticeKind kind, std::string_view sender, Time now);

    struct Counted {
        std::size_t letters = 0;
        std::string lines;  ///< "12 outsider eve@example.net", most first
    };
    /// What was counted, once the first of it is an hour old; counts anew from then on.
    [[nodiscard]] std::optional<Counted> due(Time now);
    /// When due() will have something.
    [[nodiscard]] std::optional<Time> next_due() const;

    [[nodiscard]] std::string text() const;
    /// Of a text that it does not understand: nothing was told yet.
    [[nodiscard]] static NoticePace parse(std::string_view text);

  private:
    using Key = std::pair<std::string, std::string>;  ///< kind, sender
    void forget(Time now);

    std::map<Key, Time> told_;
    std::map<Key, std::size_t> counted_;
    std::optional<Time> counted_since_;
};

}  // namespace garita::access
