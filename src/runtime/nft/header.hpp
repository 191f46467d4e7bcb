#pragma once
// The two headers at the start of every message to nftables.

#include <cstddef>
#include <cstdint>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

namespace garita::runtime::nft {

inline nlmsghdr* put_header(std::byte* at, std::uint16_t type, std::uint16_t flags, std::uint8_t family,
                            std::uint16_t resource) {
    nlmsghdr* message = mnl_nlmsg_put_header(at);
    message->nlmsg_type = type;
    message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    auto* general = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(nfgenmsg)));
    general->nfgen_family = family;
    general->version = NFNETLINK_V0;
    general->res_id = htons(resource);
    return message;
}

constexpr std::uint16_t nft_type(std::uint16_t type) {
    return static_cast<std::uint16_t>((NFNL_SUBSYS_NFTABLES << 8) | type);
}

}  // namespace garita::runtime::nft
