#pragma once
// Which networks should be blocked on this host, as the agent's store says, in a form that is quick to
// compare with the kernel.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "enforce/rule_inbox.hpp"
#include "model/ip.hpp"
#include "model/rule.hpp"

namespace garita::enforce {

class WantedBlocks {
  public:
    struct Wish {
        std::optional<Time> expires_at;
        std::int64_t seq = 0;
    };
    /// A rule that went, and where its change stands in the hub's order.
    struct Gone {
        IpNetwork network;
        std::int64_t seq = 0;
    };
    struct Change {
        std::vector<IpNetwork> added;  ///< or with another expiry
        std::vector<Gone> removed;
    };

    void load(const std::vector<HeldRule>& rules, std::int64_t up_to_seq);
    /// A block of this host's own. The hub's rule about the same network goes before it.
    void take(const OwnBlock& own, Change& change);
    /// False: it does not begin where the last one ended; load everything again.
    [[nodiscard]] bool take(const RuleDelivery& delivery, Change& change);
    /// Forgets what has run out by now, and names it.
    [[nodiscard]] std::vector<IpNetwork> expire(Time now);

    [[nodiscard]] const std::unordered_map<IpNetwork, Wish>& wishes() const { return wishes_; }
    [[nodiscard]] const Wish* find(const IpNetwork& network) const;
    struct Unreadable {
        std::int64_t seq = 0;
        std::string why;
    };
    /// Rules that this program cannot carry out: a class it does not know, parameters it cannot read. By
    /// class and parameters.
    [[nodiscard]] const std::map<std::pair<std::string, std::string>, Unreadable>& unreadable() const {
        return unreadable_;
    }
    [[nodiscard]] std::int64_t up_to_seq() const { return up_to_seq_; }
    [[nodiscard]] std::optional<Time> next_expiry() const { return next_expiry_; }

  private:
    std::unordered_map<IpNetwork, Wish> wishes_;
    std::map<IpNetwork, std::optional<Time>>
        own_;  ///< decided on here; of those in wishes_ the ones with seq 0
    std::map<std::pair<std::string, std::string>, Unreadable> unreadable_;
    std::int64_t up_to_seq_ = 0;
    std::optional<Time> next_expiry_;  ///< not later than the first

    [[nodiscard]] bool take_rules(const RuleDelivery& delivery, Change& change);
    [[nodiscard]] std::optional<IpNetwork> read(const std::string& name, const std::string& params,
                                                std::int64_t seq);
    void wish(const IpNetwork& network, const std::optional<Time>& expires_at, std::int64_t seq);
};

}  // namespace garita::enforce
