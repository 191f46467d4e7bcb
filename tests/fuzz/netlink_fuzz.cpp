// Whatever the kernel, or a namespace with another kernel's habits, may answer: messages one behind the other
// through every reader of netlink answers. Invariants beyond the sanitizers: what is read is of the family
// and length that was asked for, and times stay in range.

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "adapters/linux_host/conntrack.hpp"
#include "adapters/linux_host/local_network.hpp"
#include "adapters/linux_host/sock_diag.hpp"
#include "adapters/nftables/kernel_answers.hpp"
#include "runtime/netlink/attributes.hpp"
#include "runtime/netlink/netlink_socket.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

constexpr std::array layers{nftables::Layer{IpFamily::v4, 32}, nftables::Layer{IpFamily::v4, 24},
                            nftables::Layer{IpFamily::v6, 128}, nftables::Layer{IpFamily::v6, 64}};

void check_nftables(const nlmsghdr& message) {
    for (const auto& layer : layers)
        nftables::parse_elements(message, layer, [&](const nftables::ElementSeen& seen) {
            must(nftables::Layer::of(seen.network) == layer);
            if (seen.remaining) must(seen.remaining->count() > 0);
            if (seen.remaining) (void)(Time{std::chrono::hours(500'000)} + *seen.remaining);
        });
    if (const auto layer = nftables::parse_set(message, "garita"))
        must(nftables::layer_of_set(nftables::set_name(*layer)) == layer);
    if (const auto comment = nftables::parse_rule_comment(message, "garita"))
        must(comment->find('\0') == std::string::npos);
}

void check(const nlmsghdr& message) {
    check_nftables(message);
    (void)linux_host::parse_tcp_socket(message);
    if (const auto connection = linux_host::parse_tracked_connection(message))
        must(!connection->key.empty() && connection->key.size() <= 1024);
    for (const auto& gateway : linux_host::parse_default_route(message))
        must(!gateway.text().empty());
    const auto ack = runtime::parse_ack(message);
    must(ack.error >= 0 && ack.text.size() < message.nlmsg_len);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t most = 1 << 16;
    // Aligned as a socket's buffer is, and no longer than the bytes, so that reading beyond them is seen.
    std::vector<std::byte> buffer(std::min(size, most));
    if (!buffer.empty()) std::memcpy(buffer.data(), data, buffer.size());
    runtime::NetlinkMessages messages(buffer);
    while (const auto* message = messages.next())
        check(*message);
    return 0;
}
