#pragma once
// The kernel's traffic control by netlink: interfaces, the place before and behind them where programs look
// at packets (clsact), and those programs.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "runtime/netlink/netlink_socket.hpp"

namespace garita::runtime::traffic {

struct Link {
    int index = 0;
    std::uint16_t type = 0;  ///< ARPHRD_ETHER and the like
    bool up = false;
};

/// Where packets of an interface are looked at.
enum class Hook { ingress, egress };

/// One program among those that look at the packets of an interface. `handle` tells it from others of ours.
struct ProgramPlace {
    int link = 0;
    Hook hook = Hook::ingress;
    std::uint32_t handle = 1;
};

/// In the network namespace of the thread that opened it.
class TrafficSocket {
  public:
    [[nodiscard]] static Result<TrafficSocket> open(std::string purpose);

    /// Nothing: there is no interface of that name.
    [[nodiscard]] Result<std::optional<Link>> link(const std::string& name);
    [[nodiscard]] Result<std::vector<Link>> links();

    /// Makes it possible to hang programs there; others' programs that hang there stay.
    [[nodiscard]] Result<void> make_clsact(int link);
    /// Takes that away, unless programs still hang there.
    [[nodiscard]] Result<void> drop_idle_clsact(int link);

    /// Hangs the program there, or puts it in the place of the one that hangs there, with no packet between
    /// that meets neither. `name` is what program_at() tells.
    [[nodiscard]] Result<void> put_program(const ProgramPlace& place, int program, const std::string& name);
    /// The name of the program there; nothing: there is none.
    [[nodiscard]] Result<std::optional<std::string>> program_at(const ProgramPlace& place);
    [[nodiscard]] Result<void> take_program(const ProgramPlace& place);

    /// For requests of other kinds.
    [[nodiscard]] NetlinkSocket& netlink() { return socket_; }

  private:
    explicit TrafficSocket(NetlinkSocket socket) : socket_(std::move(socket)) {}
    [[nodiscard]] Result<bool> idle(int link, Hook hook);

    NetlinkSocket socket_;
};

/// "the kernel refused WHAT: why"
[[nodiscard]] tl::unexpected<Error> refused(const std::string& what, const NetlinkAck& ack);

}  // namespace garita::runtime::traffic
