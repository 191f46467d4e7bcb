#include "adapters/tc/upload.hpp"

#include <array>
#include <cerrno>

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/tc_act/tc_mirred.h>

#include "adapters/tc/u32.hpp"
#include "runtime/traffic/request.hpp"

namespace garita::tc {
namespace {

using runtime::traffic::begin_request;
using runtime::traffic::Link;
using runtime::traffic::refused;
using runtime::traffic::RequestBuffer;
using runtime::traffic::TrafficSocket;

constexpr std::uint32_t ingress_parent = (TC_H_CLSACT & 0xFFFF0000U) | TC_H_MIN_INGRESS;
constexpr std::uint32_t handle = 1;  // in the first list that the kernel makes
constexpr std::uint32_t queue_length = 1000;
constexpr std::array<std::uint32_t, 2> filters{510U << 16U | 0, 511U << 16U | 0};

/// Of one family: ARP goes its own way.
std::uint32_t info_of(std::size_t family) {
    return filters[family] | htons(family == 0 ? ETH_P_IP : ETH_P_IPV6);
}

nlmsghdr& begin_link(RequestBuffer& buffer, std::uint16_t type, std::uint16_t flags, int index) {
    nlmsghdr& message = *mnl_nlmsg_put_header(buffer.bytes.data());
    message.nlmsg_type = type;
    message.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
    auto* about = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(&message, sizeof(ifinfomsg)));
    about->ifi_index = index;
    about->ifi_flags = about->ifi_change = IFF_UP;
    return message;
}

Result<void> make_link(TrafficSocket& socket, const std::string& name) {
    RequestBuffer buffer;
    nlmsghdr& message = begin_link(buffer, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
    mnl_attr_put_strz(&message, IFLA_IFNAME, name.c_str());
    mnl_attr_put_u32(&message, IFLA_TXQLEN, queue_length);
    nlattr* about = mnl_attr_nest_start(&message, IFLA_LINKINFO);
    mnl_attr_put_strz(&message, IFLA_INFO_KIND, "ifb");
    mnl_attr_nest_end(&message, about);
    const auto ack = socket.netlink().request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && ack->error != EEXIST) return refused("the device " + name, *ack);
    return {};
}

Result<void> lead(TrafficSocket& socket, const Link& from, const Link& to, std::size_t family) {
    RequestBuffer buffer;
    nlmsghdr& message =
        begin_request(buffer.bytes.data(), RTM_NEWTFILTER, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
                      {from.index, ingress_parent, handle, info_of(family)});
    mnl_attr_put_strz(&message, TCA_KIND, "u32");
    nlattr* options = mnl_attr_nest_start(&message, TCA_OPTIONS);
    Selector everything;
    everything.head.keys = 1;
    everything.head.flags = TC_U32_TERMINAL;
    mnl_attr_put(&message, TCA_U32_SEL, everything.size(), &everything);
    nlattr* actions = mnl_attr_nest_start(&message, TCA_U32_ACT);
    nlattr* first = mnl_attr_nest_start(&message, 1);
    mnl_attr_put_strz(&message, TCA_ACT_KIND, "mirred");
    nlattr* about = mnl_attr_nest_start(&message, TCA_ACT_OPTIONS);
    tc_mirred redirect{};
    redirect.action = TC_ACT_STOLEN;
    redirect.eaction = TCA_EGRESS_REDIR;
    redirect.ifindex = static_cast<std::uint32_t>(to.index);
    mnl_attr_put(&message, TCA_MIRRED_PARMS, sizeof redirect, &redirect);
    mnl_attr_nest_end(&message, about);
    mnl_attr_nest_end(&message, first);
    mnl_attr_nest_end(&message, actions);
    mnl_attr_nest_end(&message, options);
    const auto ack = socket.netlink().request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && ack->error != EEXIST) return refused("to lead packets to another device", *ack);
    return {};
}

}  // namespace

std::string upload_device_of(const Link& from) {
    return "garita-ifb" + std::to_string(from.index);
}

Result<bool> is_led_there(TrafficSocket& socket, const Link& from) {
    std::array<bool, filters.size()> there{};
    RequestBuffer buffer;
    nlmsghdr& message = begin_request(buffer.bytes.data(), RTM_GETTFILTER, NLM_F_ACK | NLM_F_DUMP,
                                      {from.index, ingress_parent, 0, 0});
    const auto ack = socket.netlink().dump(
        message,
        [&](const nlmsghdr& answer) {
            const auto* about = runtime::traffic::object_of(answer);
            if (about == nullptr || TC_U32_NODE(about->tcm_handle) == 0) return;
            for (std::size_t family = 0; family < filters.size(); ++family)
                there[family] = there[family] || about->tcm_info == info_of(family);
        },
        [&] { there = {}; });
    if (!ack) return tl::unexpected(ack.error());
    return there[0] && there[1];
}

Result<Link> make_upload_device(TrafficSocket& socket, const Link& from) {
    const auto name = upload_device_of(from);
    if (auto made = make_link(socket, name); !made) return tl::unexpected(made.error());
    const auto to = socket.link(name);
    if (!to) return tl::unexpected(to.error());
    if (!*to) return fail(ErrorCode::unavailable, "the device " + name + " went away", Retry::later);
    if (auto made = socket.make_clsact(from.index); !made) return tl::unexpected(made.error());
    const auto led = is_led_there(socket, from);
    if (!led) return tl::unexpected(led.error());
    if (!*led)
        for (std::size_t family = 0; family < filters.size(); ++family)
            if (auto done = lead(socket, from, **to, family); !done) return tl::unexpected(done.error());
    return **to;
}

Result<void> remove_upload_device(TrafficSocket& socket, const Link& from) {
    for (std::size_t family = 0; family < filters.size(); ++family) {
        RequestBuffer buffer;
        nlmsghdr& message = begin_request(buffer.bytes.data(), RTM_DELTFILTER, NLM_F_ACK,
                                          {from.index, ingress_parent, 0, info_of(family)});
        const auto ack = socket.netlink().request(message);
        if (!ack) return tl::unexpected(ack.error());
    }
    if (auto dropped = socket.drop_idle_clsact(from.index); !dropped) return dropped;
    const auto device = socket.link(upload_device_of(from));
    if (!device) return tl::unexpected(device.error());
    if (!*device) return {};
    RequestBuffer buffer;
    nlmsghdr& message = begin_link(buffer, RTM_DELLINK, 0, (*device)->index);
    const auto ack = socket.netlink().request(message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && ack->error != ENODEV) return refused("to remove the device", *ack);
    return {};
}

}  // namespace garita::tc
