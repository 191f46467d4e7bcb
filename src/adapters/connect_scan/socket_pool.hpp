#pragma once
// Sockets that serve one attempt after the other: making one for each costs more than the attempt itself.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/descriptor/descriptor.hpp"
#include "scan/planner.hpp"

namespace garita::connect_scan {

/// Of one thread. A socket is idle, or waits for the answer to one probe; after the patience is over (`late`)
/// it goes on waiting as long as nobody needs it, but not until the kernel would send again by itself.
class SocketPool {
  public:
    using Place = std::uint32_t;

    /// `room`: sockets at most.
    [[nodiscard]] static Result<SocketPool> open(std::size_t room);

    /// A socket of this family for one attempt. An error says why there is none now.
    [[nodiscard]] Result<Place> take(IpFamily family);
    [[nodiscard]] int fd(Place place) const { return slots_[place].fd.get(); }
    /// Of a socket that waits; nothing: it does not.
    [[nodiscard]] std::optional<scan::Probe> probe(Place place) const;

    /// The attempt is under way.
    [[nodiscard]] bool wait_for(Place place, const scan::Probe& probe, Time now);
    enum class Use { clean, reset_first, none };
    /// The attempt is over, and so fit the socket is for another one.
    void give_back(Place place, Use use);
    /// The patience for this probe is over.
    void set_late(const scan::Probe& probe);
    /// Ends what has waited too long.
    void reap(Time now);

    /// Sockets at which something has happened, after waiting for it at most so long.
    [[nodiscard]] std::span<const Place> events(Duration wait);

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] std::size_t room() const { return room_; }

  private:
    enum class State : std::uint8_t { idle, waiting, late };
    struct Slot {
        runtime::Descriptor fd;
        IpFamily family = IpFamily::v4;
        State state = State::idle;
        bool watched = false;
        std::uint32_t uses = 0;  ///< tells one attempt in the queues from the next
        scan::Probe probe;
        Time since{};
    };
    struct Queued {
        Place place;
        std::uint32_t uses;
    };

    SocketPool(runtime::Descriptor epoll, std::size_t room) : epoll_(std::move(epoll)), room_(room) {}
    [[nodiscard]] std::vector<Place>& idle(IpFamily family) {
        return family == IpFamily::v4 ? idle4_ : idle6_;
    }
    [[nodiscard]] Result<Place> make(IpFamily family);
    [[nodiscard]] bool is_current(const Queued& queued, State state) const;
    [[nodiscard]] bool free_late();
    [[nodiscard]] bool free_other(IpFamily family);

    runtime::Descriptor epoll_;
    std::size_t room_;
    std::vector<Slot> slots_;
    std::vector<Place> idle4_;
    std::vector<Place> idle6_;
    std::vector<Place> empty_;                          ///< slots without a socket
    std::unordered_map<std::uint64_t, Place> waiting_;  ///< by probe; late ones too
    std::deque<Queued> begun_;                          ///< all that wait, the oldest first
    std::deque<Queued> late_;
    std::vector<Place> happened_;
};

}  // namespace garita::connect_scan
