#pragma once
// Messages of traffic control, as they begin.

#include <array>
#include <cstddef>
#include <cstdint>

#include <libmnl/libmnl.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

namespace garita::runtime::traffic {

/// Room for one message.
struct RequestBuffer {
    alignas(nlmsghdr) std::array<std::byte, 1024> bytes{};
};

/// Which object of traffic control a message is about.
struct TrafficObject {
    int link = 0;
    std::uint32_t parent = 0;
    std::uint32_t handle = 0;
    std::uint32_t info = 0;  ///< of filters: priority and protocol
};

inline nlmsghdr& begin_request(void* at, std::uint16_t type, std::uint16_t flags,
                               const TrafficObject& object) {
    nlmsghdr& message = *mnl_nlmsg_put_header(at);
    message.nlmsg_type = type;
    message.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    auto* about = static_cast<tcmsg*>(mnl_nlmsg_put_extra_header(&message, sizeof(tcmsg)));
    about->tcm_family = AF_UNSPEC;
    about->tcm_ifindex = object.link;
    about->tcm_parent = object.parent;
    about->tcm_handle = object.handle;
    about->tcm_info = object.info;
    return message;
}

/// What an answer is about; nothing of a message too short for it.
inline const tcmsg* object_of(const nlmsghdr& message) {
    if (message.nlmsg_len < NLMSG_LENGTH(sizeof(tcmsg))) return nullptr;
    return static_cast<const tcmsg*>(mnl_nlmsg_get_payload(&message));
}

}  // namespace garita::runtime::traffic
