#include "runtime/nft/messages.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>

#include "runtime/nft/header.hpp"

namespace garita::runtime::nft {

nlmsghdr* put_request(std::span<std::byte> buffer, std::uint16_t type, std::uint16_t flags) {
    return put_header(buffer.data(), nft_type(type), flags, NFPROTO_INET, 0);
}

void put_question(std::vector<std::byte>& questions, const std::string& table, const std::string& set,
                  std::span<const std::uint8_t> wanted, std::uint32_t sequence) {
    alignas(nlmsghdr) std::array<std::byte, 1024> buffer{};
    nlmsghdr* message = put_request(buffer, NFT_MSG_GETSETELEM, 0);
    message->nlmsg_seq = sequence;
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, table.c_str());
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set.c_str());
    nlattr* list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
    nlattr* element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
    nlattr* key = mnl_attr_nest_start(message, NFTA_SET_ELEM_KEY);
    mnl_attr_put(message, NFTA_DATA_VALUE, wanted.size(), wanted.data());
    mnl_attr_nest_end(message, key);
    mnl_attr_nest_end(message, element);
    mnl_attr_nest_end(message, list);
    questions.insert(questions.end(), buffer.begin(), buffer.begin() + MNL_ALIGN(message->nlmsg_len));
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
