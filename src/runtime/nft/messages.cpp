#include "runtime/nft/messages.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <linux/netfilter/nf_tables.h>

#include "runtime/nft/header.hpp"

namespace garita::runtime::nft {

nlmsghdr* put_request(std::span<std::byte> buffer, std::uint16_t type, std::uint16_t flags) {
    return put_header(buffer.data(), nft_type(type), flags, NFPROTO_INET, 0);
}

tl::unexpected<Error> refused(std::string_view what, int error) {
    const bool denied = error == EPERM || error == EACCES;
    return fail(denied ? ErrorCode::forbidden : ErrorCode::io,
                "nftables refused " + std::string(what) + ": " + std::strerror(error) +
                    (denied ? " (it needs CAP_NET_ADMIN)" : ""),
                denied ? Retry::no : Retry::later);
}

Result<std::uint32_t> generation(NetlinkSocket& socket) {
    alignas(nlmsghdr) std::array<std::byte, 512> buffer{};
    nlmsghdr* message = put_request(buffer, NFT_MSG_GETGEN, NLM_F_ACK);
    std::optional<std::uint32_t> generation;
    const auto ack = socket.request(
        *message, [&](const nlmsghdr& answer) { generation = number_in(answer, NFTA_GEN_ID); });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 || !generation) return refused("to tell its generation", ack->error);
    return *generation;
}

}  // namespace garita::runtime::nft
