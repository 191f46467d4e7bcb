#pragma once
// One socket for each number of an attempt and family: its port tells which attempt an answer belongs to.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "model/ip.hpp"
#include "model/port_set.hpp"
#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/descriptor/descriptor.hpp"
#include "runtime/sockets/error_queue.hpp"
#include "scan/planner.hpp"

namespace garita::udp_scan {

class UdpSockets {
  public:
    struct Sent {
        enum class Kind {
            gone,
            no_room,
            never,
            no_way,  ///< this host has no way there
        } kind = Kind::gone;
        std::string why;  ///< of the others
    };
    /// What has come back.
    struct Heard {
        std::uint8_t attempt = 1;
        IpAddress address;  ///< of whom was asked, or who answers
        Port port = 0;
        std::optional<runtime::PathError> error;  ///< nothing: a datagram
    };

    [[nodiscard]] static Result<UdpSockets> open();

    [[nodiscard]] Sent send(const IpAddress& to, Port port, std::uint8_t attempt, std::string_view payload);
    /// Waits for at most so long, and takes all that is there.
    void receive(Duration wait, const std::function<void(const Heard&)>& take);

  private:
    static constexpr std::size_t attempts = scan::Planner::most_attempts;
    explicit UdpSockets(runtime::Descriptor epoll) : epoll_(std::move(epoll)) {}

    [[nodiscard]] Result<int> socket_for(IpFamily family, std::uint8_t attempt);
    void drain(std::uint32_t place, const std::function<void(const Heard&)>& take);

    runtime::Descriptor epoll_;
    std::array<runtime::Descriptor, attempts * 2> sockets_;
};

}  // namespace garita::udp_scan
