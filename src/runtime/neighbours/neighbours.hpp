#pragma once
// Hosts on this host's own links, as the kernel knows them (ARP, neighbour discovery).

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/ip.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::runtime {

struct Neighbour {
    enum class State : std::uint8_t {
        asked_for,  ///< the kernel asks for it, and has no answer yet
        absent,     ///< it has given up
        there,
    };
    IpAddress address;
    State state = State::there;
};

/// What the kernel knows of the hosts on its links.
[[nodiscard]] Result<std::vector<Neighbour>> neighbours();

/// Who on this host's links has not answered while something was sent there. Of one thread.
class NeighbourWatch {
  public:
    /// Asks the kernel again, about once a second at most. Those that nobody has answered for in three
    /// seconds, each told once; nothing where the kernel says nothing.
    [[nodiscard]] std::vector<IpAddress> given_up(Time now);
    /// Asks in any case.
    void look(Time now);
    /// Whether it was ever seen without an answer; the kernel itself forgets soon.
    [[nodiscard]] bool was_away(const IpAddress& address) const { return away_.contains(address); }
    /// As of the last look: nobody answers for it.
    [[nodiscard]] bool is_away(const IpAddress& address) const { return last_.contains(address); }
    /// As of the last look: it was away, and is there now.
    [[nodiscard]] bool has_come(const IpAddress& address) const { return came_.contains(address); }
    /// As of the last look: the kernel still asks for some.
    [[nodiscard]] bool some_asked_for() const { return asked_for_ > 0; }

  private:
    struct Away {
        Time since;
        bool told = false;
    };
    std::unordered_map<IpAddress, Away> away_;
    std::unordered_set<IpAddress> last_;  ///< without an answer when last asked
    std::unordered_set<IpAddress> came_;
    std::size_t asked_for_ = 0;
    Time looked_{};
};

}  // namespace garita::runtime
