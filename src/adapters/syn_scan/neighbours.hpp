#pragma once
// Which addresses of the own links answer, and with which hardware address. No socket, no clock.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/syn_scan/answer.hpp"
#include "model/time.hpp"

namespace garita::syn_scan {

/// Asks each neighbour up to three times within three seconds, and no more than some thousand of them a
/// second.
class Neighbours {
  public:
    /// An address on a link (by place); targets wait for it.
    struct Key {
        std::uint32_t link = 0;
        IpAddress address;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    struct Found {
        MacAddress mac;
        Duration round_trip;
        std::vector<std::uint32_t> targets;
    };

    /// `target` is waiting for this neighbour.
    void want(const Key& key, std::uint32_t target);
    /// The next question that is due.
    [[nodiscard]] std::optional<Key> next(Time now);
    /// Nothing: nobody waits for this one.
    [[nodiscard]] std::optional<Found> answered(const Key& key, const MacAddress& mac, Time at);
    struct Silent {
        Key key;
        std::vector<std::uint32_t> targets;
    };
    /// Neighbours that have not answered, and those who waited for them.
    [[nodiscard]] std::vector<Silent> silent(Time now);
    /// When next() or silent() may have something.
    [[nodiscard]] Time wake() const;
    [[nodiscard]] bool done() const { return waiting_.empty(); }

  private:
    struct Waiting {
        unsigned asked = 0;
        Time last{};
        std::vector<std::uint32_t> targets;
    };
    std::map<Key, Waiting> waiting_;
    std::deque<Key> fresh_;                      ///< not asked yet
    std::deque<std::pair<Time, Key>> again_[3];  ///< asked so often; when the next step is due
    Time not_before_{};
};

}  // namespace garita::syn_scan
