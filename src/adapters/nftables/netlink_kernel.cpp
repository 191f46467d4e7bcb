#include "adapters/nftables/netlink_kernel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "adapters/nftables/kernel_answers.hpp"
#include "runtime/nft/messages.hpp"

namespace garita::nftables {

using runtime::nft::put_question;
using runtime::nft::put_request;
using runtime::nft::refused;

namespace {

constexpr std::size_t questions_at_once = 500;

struct Request {
    alignas(nlmsghdr) std::array<std::byte, 1024> bytes{};
};

}  // namespace

Result<std::unique_ptr<NetlinkKernel>> NetlinkKernel::open() {
    auto socket = runtime::NetlinkSocket::open(NETLINK_NETFILTER, "nftables");
    if (!socket) return tl::unexpected(socket.error());
    return std::unique_ptr<NetlinkKernel>(new NetlinkKernel(std::move(*socket)));
}

NftBatch NetlinkKernel::begin(const std::string& table) {
    return NftBatch(table, [this] { return socket_.next_sequence(); });
}

Result<std::vector<Refusal>> NetlinkKernel::commit(NftBatch& batch) {
    const auto acks = socket_.send_batch(batch.finish());
    if (!acks) return tl::unexpected(acks.error());
    return batch.refusals(*acks);
}

Result<std::uint32_t> NetlinkKernel::generation() {
    return runtime::nft::generation(socket_);
}

Result<Structure::Presence> NetlinkKernel::is_there(std::uint16_t get, std::uint16_t table_attribute,
                                                    const std::string& table, std::uint16_t name_attribute,
                                                    const char* name) {
    Request buffer;
    nlmsghdr* message = put_request(buffer.bytes, get, NLM_F_ACK);
    mnl_attr_put_strz(message, table_attribute, table.c_str());
    if (name != nullptr) mnl_attr_put_strz(message, name_attribute, name);
    const auto ack = socket_.request(*message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == ENOENT) return Structure::Presence::absent;
    if (ack->error != 0) return refused("to show table inet " + table, ack->error);
    return Structure::Presence::present;
}

Result<void> NetlinkKernel::read_sets(const std::string& table, Structure& structure) {
    Request buffer;
    nlmsghdr* message = put_request(buffer.bytes, NFT_MSG_GETSET, NLM_F_DUMP);
    mnl_attr_put_strz(message, NFTA_SET_TABLE, table.c_str());
    const auto visit = [&](const nlmsghdr& answer) {
        if (const auto layer = parse_set(answer, table)) structure.sets.push_back(*layer);
    };
    const auto ack = socket_.dump(*message, visit, [&] { structure.sets.clear(); });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && ack->error != ENOENT)
        return refused("to list the sets of table inet " + table, ack->error);
    return {};
}

Result<void> NetlinkKernel::read_rules(const std::string& table, Structure& structure) {
    Request buffer;
    nlmsghdr* message = put_request(buffer.bytes, NFT_MSG_GETRULE, NLM_F_DUMP);
    mnl_attr_put_strz(message, NFTA_RULE_TABLE, table.c_str());
    mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain_name);
    const auto visit = [&](const nlmsghdr& answer) {
        if (auto comment = parse_rule_comment(answer, table)) structure.rules.push_back(std::move(*comment));
    };
    const auto ack = socket_.dump(*message, visit, [&] { structure.rules.clear(); });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && ack->error != ENOENT)
        return refused("to list the rules of table inet " + table, ack->error);
    return {};
}

Result<Structure> NetlinkKernel::structure(const std::string& table) {
    Structure structure;
    const auto there = is_there(NFT_MSG_GETTABLE, NFTA_TABLE_NAME, table, 0, nullptr);
    if (!there) return tl::unexpected(there.error());
    structure.table = *there;
    if (structure.table == Structure::Presence::absent) return structure;
    const auto chain = is_there(NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, table, NFTA_CHAIN_NAME, chain_name);
    if (!chain) return tl::unexpected(chain.error());
    structure.chain = *chain;
    if (auto sets = read_sets(table, structure); !sets) return tl::unexpected(sets.error());
    if (auto rules = read_rules(table, structure); !rules) return tl::unexpected(rules.error());
    return structure;
}

Result<void> NetlinkKernel::list(const std::string& table, const Layer& layer,
                                 const std::function<void(const ElementSeen&)>& element,
                                 const std::function<void()>& restart) {
    Request buffer;
    nlmsghdr* message = put_request(buffer.bytes, NFT_MSG_GETSETELEM, NLM_F_DUMP);
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, table.c_str());
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set_name(layer).c_str());
    const auto visit = [&](const nlmsghdr& answer) { parse_elements(answer, layer, element); };
    const auto ack = socket_.dump(*message, visit, restart);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == ENOENT)
        return fail(ErrorCode::not_found, "set " + set_name(layer) + " is not in table inet " + table);
    if (ack->error != 0) return refused("to list set " + set_name(layer), ack->error);
    return {};
}

Result<std::vector<ElementSeen>> NetlinkKernel::look_up(const std::string& table, const Layer& layer,
                                                        std::span<const IpNetwork> networks) {
    std::vector<ElementSeen> seen;
    const auto visit = [&](const nlmsghdr& answer) {
        parse_elements(answer, layer, [&](const ElementSeen& element) { seen.push_back(element); });
    };
    while (!networks.empty()) {
        // One question for each network: the kernel gives up a question at the first element that it does not
        // have.
        const auto part = networks.first(std::min(networks.size(), questions_at_once));
        networks = networks.subspan(part.size());
        std::vector<std::byte> questions;
        for (const auto& network : part)
            put_question(questions, table, set_name(layer),
                         std::span(network.address().bytes()).first(layer.key_size()),
                         socket_.next_sequence());
        const auto acks = socket_.send_batch(questions, visit);
        if (!acks) return tl::unexpected(acks.error());
        for (const auto& ack : *acks)
            if (ack.error != 0 && ack.error != ENOENT)
                return refused("to look into set " + set_name(layer), ack.error);
    }
    return seen;
}

}  // namespace garita::nftables
