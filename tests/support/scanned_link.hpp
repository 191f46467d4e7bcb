#pragma once
// Two network namespaces joined by a link: one that scans, and one with something to be found.

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

#include "runtime/descriptor/descriptor.hpp"
#include "runtime/sockets/socket_address.hpp"
#include "support/meeting.hpp"
#include "support/net_namespace.hpp"

namespace garita::testing_support {

/// 10.98.0.1 and fd00:98::1 scan; 10.98.0.2, fd00:98::2 and all of 10.99.0.0/16 are scanned.
class ScannedLink {
  public:
    /// Null where the process may not make namespaces.
    static std::unique_ptr<ScannedLink> make() {
        std::unique_ptr<ScannedLink> link(new ScannedLink());
        link->near_ = NetNamespace::make();
        link->far_ = NetNamespace::make();
        if (!link->near_ || !link->far_) return nullptr;
        // without duplicate address detection, so that addresses answer at once
        const char* const at_once = "echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad";
        const bool up =
            link->near_->shell(at_once) && link->far_->shell(at_once) &&
            link->near_->shell("ip link add near type veth peer name far netns " + link->far_->path()) &&
            link->near_->shell(
                "ip addr add 10.98.0.1/24 dev near && ip addr add fd00:98::1/64 dev near nodad && "
                "ip link set near up") &&
            link->far_->shell(
                "ip addr add 10.98.0.2/24 dev far && ip addr add fd00:98::2/64 dev far nodad && "
                "ip link set far up && ip route add local 10.99.0.0/16 dev lo") &&
            link->near_->shell("ip route add 10.99.0.0/16 via 10.98.0.2");
        return up && meets(*link->near_, "fd00:98::2") ? std::move(link) : nullptr;
    }

    [[nodiscard]] const NetNamespace& near() const { return *near_; }
    [[nodiscard]] const NetNamespace& far() const { return *far_; }

    /// Listens on these ports of all addresses of the far end, of both families, while the link lives.
    void listen(const std::vector<std::uint16_t>& ports) {
        far_->run([&] {
            for (const auto port : ports) {
                runtime::Descriptor made(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
                const runtime::SocketAddress any(*IpAddress::parse("::"), port);
                if (!made.is_open() || bind(made.get(), any.get(), any.size()) != 0 ||
                    ::listen(made.get(), 64) != 0)
                    throw std::runtime_error("cannot listen on " + std::to_string(port));
                listening_.push_back(std::move(made));
            }
        });
    }

  private:
    ScannedLink() = default;

    std::unique_ptr<NetNamespace> near_;
    std::unique_ptr<NetNamespace> far_;
    std::vector<runtime::Descriptor> listening_;
};

}  // namespace garita::testing_support
