#include "adapters/nftables/netlink_kernel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <endian.h>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "runtime/netlink/attributes.hpp"

namespace garita::nftables {

using runtime::NetlinkAttribute;
using runtime::NetlinkAttributes;

namespace {

constexpr std::size_t questions_at_once = 500;

struct Request {
    alignas(nlmsghdr) std::array<std::byte, 1024> bytes{};
};

NetlinkAttributes attributes_of(const nlmsghdr& message) {
    return {message, sizeof(nfgenmsg)};
}

std::string_view string_at(const nlmsghdr& message, std::uint16_t type) {
    const auto attribute = attributes_of(message).find(type);
    return attribute ? attribute->text() : std::string_view{};
}

std::optional<std::uint32_t> be32_at(const nlmsghdr& message, std::uint16_t type) {
    const auto attribute = attributes_of(message).find(type);
    const auto value = attribute ? attribute->value<std::uint32_t>() : std::nullopt;
    return value ? std::optional(ntohl(*value)) : std::nullopt;
}

/// One element of a set; nothing when its time is over or it is not one of ours.
std::optional<ElementSeen> element_of(const NetlinkAttribute& nest, const Layer& layer) {
    const NetlinkAttributes parts(nest);
    const auto key = parts.find(NFTA_SET_ELEM_KEY);
    if (!key) return std::nullopt;
    const auto value = NetlinkAttributes(*key).find(NFTA_DATA_VALUE);
    if (!value || value->payload.size() != layer.key_size()) return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), value->payload.data(), layer.key_size());
    const auto address = layer.family == IpFamily::v4
                             ? IpAddress::from_v4({bytes[0], bytes[1], bytes[2], bytes[3]})
                             : IpAddress::from_v6(bytes);
    if (address.family() != layer.family) return std::nullopt;  // ::ffff:a.b.c.d is never put into our sets
    ElementSeen seen{IpNetwork(address, layer.prefix), std::nullopt};
    const auto remaining = parts.find(NFTA_SET_ELEM_EXPIRATION);
    if (remaining) {
        const auto left = be64toh(remaining->value<std::uint64_t>().value_or(0));
        if (left == 0) return std::nullopt;
        seen.remaining = std::chrono::milliseconds(left);
    }
    return seen;
}

void visit_elements(const nlmsghdr& answer, const Layer& layer,
                    const std::function<void(const ElementSeen&)>& visit) {
    const auto list = attributes_of(answer).find(NFTA_SET_ELEM_LIST_ELEMENTS);
    if (!list) return;
    NetlinkAttributes elements(*list);
    while (const auto nest = elements.next())
        if (const auto seen = element_of(*nest, layer)) visit(*seen);
}

/// Appends the question whether this network is an element.
void put_question(std::vector<std::byte>& questions, const std::string& table, const Layer& layer,
                  const IpNetwork& network, std::uint32_t sequence) {
    Request buffer;
    nlmsghdr* message = put_request(buffer.bytes, NFT_MSG_GETSETELEM, 0);
    message->nlmsg_seq = sequence;
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, table.c_str());
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set_name(layer).c_str());
    nlattr* list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
    nlattr* element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
    nlattr* key = mnl_attr_nest_start(message, NFTA_SET_ELEM_KEY);
    mnl_attr_put(message, NFTA_DATA_VALUE, layer.key_size(), network.address().bytes().data());
    mnl_attr_nest_end(message, key);
    mnl_attr_nest_end(message, element);
    mnl_attr_nest_end(message, list);
    questions.insert(questions.end(), buffer.bytes.begin(),
                     buffer.bytes.begin() + MNL_ALIGN(message->nlmsg_len));
}

std::string comment_of(const nlmsghdr& message) {
    const auto data = attributes_of(message).find(NFTA_RULE_USERDATA);
    if (!data || data->payload.size() < 3 || data->payload[0] != std::byte{0}) return {};
    return std::string(NetlinkAttribute{0, data->payload.subspan(2)}.text());
}

tl::unexpected<Error> refused(const std::string& what, int error) {
    const bool denied = error == EPERM || error == EACCES;
    return fail(denied ? ErrorCode::forbidden : ErrorCode::io,
                "nftables refused " + what + ": " + std::strerror(error) +
                    (denied ? " (it needs CAP_NET_ADMIN)" : ""),
                denied ? Retry::no : Retry::later);
}

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
    Request buffer;
    nlmsghdr* message = put_request(buffer.bytes, NFT_MSG_GETGEN, NLM_F_ACK);
    std::optional<std::uint32_t> generation;
    const auto ack =
        socket_.request(*message, [&](const nlmsghdr& answer) { generation = be32_at(answer, NFTA_GEN_ID); });
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 || !generation) return refused("to tell its generation", ack->error);
    return *generation;
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
        if (string_at(answer, NFTA_SET_TABLE) != table) return;
        const auto layer = layer_of_set(string_at(answer, NFTA_SET_NAME));
        const auto flags = be32_at(answer, NFTA_SET_FLAGS);
        const auto size = be32_at(answer, NFTA_SET_KEY_LEN);
        if (layer && flags == std::uint32_t{NFT_SET_TIMEOUT} && size == layer->key_size())
            structure.sets.push_back(*layer);
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
        if (string_at(answer, NFTA_RULE_TABLE) == table && string_at(answer, NFTA_RULE_CHAIN) == chain_name)
            structure.rules.push_back(comment_of(answer));
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
    const auto visit = [&](const nlmsghdr& answer) { visit_elements(answer, layer, element); };
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
        visit_elements(answer, layer, [&](const ElementSeen& element) { seen.push_back(element); });
    };
    while (!networks.empty()) {
        // One question for each network: the kernel gives up a question at the first element that it does not
        // have.
        const auto part = networks.first(std::min(networks.size(), questions_at_once));
        networks = networks.subspan(part.size());
        std::vector<std::byte> questions;
        for (const auto& network : part)
            put_question(questions, table, layer, network, socket_.next_sequence());
        const auto acks = socket_.send_batch(questions, visit);
        if (!acks) return tl::unexpected(acks.error());
        for (const auto& ack : *acks)
            if (ack.error != 0 && ack.error != ENOENT)
                return refused("to look into set " + set_name(layer), ack.error);
    }
    return seen;
}

}  // namespace garita::nftables
