#include "runtime/traffic/traffic_socket.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include "runtime/netlink/attributes.hpp"
#include "runtime/traffic/request.hpp"

namespace garita::runtime::traffic {
namespace {

constexpr std::uint32_t clsact_handle = 0xFFFF0000U;
// Among the programs of others: behind those that somebody wants first.
constexpr std::uint32_t preference = 500;

constexpr std::uint32_t parent_of(Hook hook) {
    return (TC_H_CLSACT & 0xFFFF0000U) |
           (hook == Hook::ingress ? std::uint32_t{TC_H_MIN_INGRESS} : std::uint32_t{TC_H_MIN_EGRESS});
}

TrafficObject object_of_place(const ProgramPlace& place) {
    return {place.link, parent_of(place.hook), place.handle, preference << 16U | htons(ETH_P_ALL)};
}

/// What the kernel says when there is no such object, or nothing that could hold it.
bool missing(int error) {
    return error == ENOENT || error == EINVAL || error == ENODEV;
}

std::optional<Link> link_of(const nlmsghdr& answer) {
    if (answer.nlmsg_len < NLMSG_LENGTH(sizeof(ifinfomsg))) return std::nullopt;
    const auto* about = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(&answer));
    return Link{about->ifi_index, about->ifi_type, (about->ifi_flags & IFF_UP) != 0};
}

}  // namespace

tl::unexpected<Error> refused(const std::string& what, const NetlinkAck& ack) {
    const bool denied = ack.error == EPERM || ack.error == EACCES;
    std::string text = "the kernel refused " + what + ": " + std::strerror(ack.error);
    if (!ack.text.empty()) text += " (" + ack.text + ")";
    if (denied) text += " (it needs CAP_NET_ADMIN)";
    return fail(denied ? ErrorCode::forbidden : ErrorCode::io, std::move(text),
                denied ? Retry::no : Retry::later);
}

Result<TrafficSocket> TrafficSocket::open(std::string purpose) {
    auto socket = NetlinkSocket::open(NETLINK_ROUTE, std::move(purpose));
    if (!socket) return tl::unexpected(socket.error());
    return TrafficSocket(std::move(*socket));
}

Result<std::optional<Link>> TrafficSocket::link(const std::string& name) {
    RequestBuffer buffer;
    nlmsghdr& message = *mnl_nlmsg_put_header(buffer.bytes.data());
    message.nlmsg_type = RTM_GETLINK;
    message.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    mnl_nlmsg_put_extra_header(&message, sizeof(ifinfomsg));
    mnl_attr_put_strz(&message, IFLA_IFNAME, name.c_str());
    std::optional<Link> found;
    const auto ack = socket_.request(message, [&](const nlmsghdr& answer) {
        if (const auto one = link_of(answer)) found = one;
    });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == ENODEV) return std::optional<Link>{};
    if (ack->error != 0) return refused("to tell about interface " + name, *ack);
    return found;
}

Result<std::vector<Link>> TrafficSocket::links() {
    RequestBuffer buffer;
    nlmsghdr& message = *mnl_nlmsg_put_header(buffer.bytes.data());
    message.nlmsg_type = RTM_GETLINK;
    message.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_DUMP;
    mnl_nlmsg_put_extra_header(&message, sizeof(ifinfomsg));
    std::vector<Link> all;
    const auto ack = socket_.dump(
        message,
        [&](const nlmsghdr& answer) {
            if (const auto one = link_of(answer)) all.push_back(*one);
        },
        [&] { all.clear(); });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0) return refused("the list of interfaces", *ack);
    return all;
}

Result<void> TrafficSocket::make_clsact(int link) {
    RequestBuffer buffer;
    nlmsghdr& message =
        begin_request(buffer.bytes.data(), RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
                      {link, TC_H_CLSACT, clsact_handle, 0});
    mnl_attr_put_strz(&message, TCA_KIND, "clsact");
    const auto ack = socket_.request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && ack->error != EEXIST) return refused("the discipline clsact", *ack);
    return {};
}

Result<bool> TrafficSocket::idle(int link, Hook hook) {
    RequestBuffer buffer;
    nlmsghdr& message = begin_request(buffer.bytes.data(), RTM_GETTFILTER, NLM_F_ACK | NLM_F_DUMP,
                                      {link, parent_of(hook), 0, 0});
    bool idle = true;
    const auto ack = socket_.dump(
        message, [&](const nlmsghdr&) { idle = false; }, [&] { idle = true; });
    if (!ack) return tl::unexpected(ack.error());
    return idle;
}

Result<void> TrafficSocket::drop_idle_clsact(int link) {
    for (const Hook hook : {Hook::ingress, Hook::egress}) {
        const auto is_idle = idle(link, hook);
        if (!is_idle) return tl::unexpected(is_idle.error());
        if (!*is_idle) return {};
    }
    RequestBuffer buffer;
    nlmsghdr& message =
        begin_request(buffer.bytes.data(), RTM_DELQDISC, NLM_F_ACK, {link, TC_H_CLSACT, clsact_handle, 0});
    mnl_attr_put_strz(&message, TCA_KIND, "clsact");
    const auto ack = socket_.request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && !missing(ack->error)) return refused("to take clsact away", *ack);
    return {};
}

Result<void> TrafficSocket::put_program(const ProgramPlace& place, int program, const std::string& name) {
    RequestBuffer buffer;
    nlmsghdr& message =
        begin_request(buffer.bytes.data(), RTM_NEWTFILTER, NLM_F_ACK | NLM_F_CREATE, object_of_place(place));
    mnl_attr_put_strz(&message, TCA_KIND, "bpf");
    nlattr* options = mnl_attr_nest_start(&message, TCA_OPTIONS);
    mnl_attr_put_u32(&message, TCA_BPF_FD, static_cast<std::uint32_t>(program));
    mnl_attr_put_strz(&message, TCA_BPF_NAME, name.c_str());
    mnl_attr_put_u32(&message, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
    mnl_attr_nest_end(&message, options);
    const auto ack = socket_.request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0) return refused("to hang the program there", *ack);
    return {};
}

Result<std::optional<std::string>> TrafficSocket::program_at(const ProgramPlace& place) {
    RequestBuffer buffer;
    nlmsghdr& message = begin_request(buffer.bytes.data(), RTM_GETTFILTER, NLM_F_ACK, object_of_place(place));
    mnl_attr_put_strz(&message, TCA_KIND, "bpf");
    std::optional<std::string> found;
    const auto ack = socket_.request(message, [&](const nlmsghdr& answer) {
        const auto options = NetlinkAttributes(answer, sizeof(tcmsg)).find(TCA_OPTIONS);
        if (!options) return;
        const auto name = NetlinkAttributes(*options).find(TCA_BPF_NAME);
        found = name ? std::string(name->text()) : std::string();
    });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && !missing(ack->error)) return refused("to tell which program hangs there", *ack);
    return found;
}

Result<void> TrafficSocket::take_program(const ProgramPlace& place) {
    RequestBuffer buffer;
    nlmsghdr& message = begin_request(buffer.bytes.data(), RTM_DELTFILTER, NLM_F_ACK, object_of_place(place));
    mnl_attr_put_strz(&message, TCA_KIND, "bpf");
    const auto ack = socket_.request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && !missing(ack->error)) return refused("to take the program away", *ack);
    return {};
}

}  // namespace garita::runtime::traffic
