#include "adapters/nftables/batch.hpp"

#include <algorithm>
#include <endian.h>
#include <utility>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "adapters/nftables/expressions.hpp"

namespace garita::nftables {
namespace {

// A netlink attribute holds at most 64 KiB, and the list of elements is one attribute.
constexpr std::size_t largest_message = 64 * 1024;
constexpr std::size_t room = largest_message + 4096;
constexpr std::uint32_t ipv4_type = 7;  // the nft program's numbers of its data types
constexpr std::uint32_t ipv6_type = 8;
constexpr std::uint32_t before_connection_tracking = static_cast<std::uint32_t>(-300);

nlmsghdr* put_header(std::byte* at, std::uint16_t type, std::uint16_t flags, std::uint8_t family,
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

std::uint16_t nft_type(std::uint16_t type) {
    return static_cast<std::uint16_t>((NFNL_SUBSYS_NFTABLES << 8) | type);
}

}  // namespace

nlmsghdr* put_request(std::span<std::byte> buffer, std::uint16_t type, std::uint16_t flags) {
    return put_header(buffer.data(), nft_type(type), flags, NFPROTO_INET, 0);
}

std::string rule_comment(const Layer& layer) {
    return "garita: " + set_name(layer);
}

NftBatch::NftBatch(std::string table, std::function<std::uint32_t()> next_sequence)
    : table_(std::move(table)), next_sequence_(std::move(next_sequence)) {
    const auto* begin = open(NFNL_MSG_BATCH_BEGIN, 0);
    close(begin);
}

nlmsghdr* NftBatch::open(std::uint16_t type, std::uint16_t flags) {
    const std::size_t start = bytes_.size();
    bytes_.resize(start + room);
    const bool frame = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;
    nlmsghdr* message = put_header(bytes_.data() + start, frame ? type : nft_type(type), flags,
                                   frame ? AF_UNSPEC : NFPROTO_INET, frame ? NFNL_SUBSYS_NFTABLES : 0);
    message->nlmsg_seq = next_sequence_();
    messages_.push_back({message->nlmsg_seq, start, 0, {}});
    return message;
}

void NftBatch::close(const nlmsghdr* message) {
    bytes_.resize(messages_.back().start + MNL_ALIGN(message->nlmsg_len));
}

nlmsghdr* NftBatch::open_table_message(std::uint16_t type, std::uint16_t flags,
                                       std::uint16_t table_attribute) {
    nlmsghdr* message = open(type, flags);
    mnl_attr_put_strz(message, table_attribute, table_.c_str());
    return message;
}

void NftBatch::add_table() {
    close(open_table_message(NFT_MSG_NEWTABLE, NLM_F_CREATE, NFTA_TABLE_NAME));
}

void NftBatch::delete_table() {
    close(open_table_message(NFT_MSG_DELTABLE, 0, NFTA_TABLE_NAME));
}

void NftBatch::add_chain() {
    nlmsghdr* message = open_table_message(NFT_MSG_NEWCHAIN, NLM_F_CREATE, NFTA_CHAIN_TABLE);
    mnl_attr_put_strz(message, NFTA_CHAIN_NAME, chain_name);
    nlattr* hook = mnl_attr_nest_start(message, NFTA_CHAIN_HOOK);
    mnl_attr_put_u32(message, NFTA_HOOK_HOOKNUM, htonl(NF_INET_PRE_ROUTING));
    mnl_attr_put_u32(message, NFTA_HOOK_PRIORITY, htonl(before_connection_tracking));
    mnl_attr_nest_end(message, hook);
    mnl_attr_put_u32(message, NFTA_CHAIN_POLICY, htonl(NF_ACCEPT));
    mnl_attr_put_strz(message, NFTA_CHAIN_TYPE, "filter");
    close(message);
}

void NftBatch::add_loopback_rule() {
    // Without NLM_F_APPEND it becomes the first rule, whatever is there already.
    nlmsghdr* message = open_table_message(NFT_MSG_NEWRULE, NLM_F_CREATE, NFTA_RULE_TABLE);
    mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain_name);
    put_loopback_expressions(message);
    put_rule_comment(message, loopback_comment);
    close(message);
}

void NftBatch::add_set(const Layer& layer, std::optional<std::uint32_t> capacity) {
    nlmsghdr* message = open_table_message(NFT_MSG_NEWSET, NLM_F_CREATE, NFTA_SET_TABLE);
    mnl_attr_put_strz(message, NFTA_SET_NAME, set_name(layer).c_str());
    mnl_attr_put_u32(message, NFTA_SET_FLAGS, htonl(NFT_SET_TIMEOUT));
    mnl_attr_put_u32(message, NFTA_SET_KEY_TYPE, htonl(layer.family == IpFamily::v4 ? ipv4_type : ipv6_type));
    mnl_attr_put_u32(message, NFTA_SET_KEY_LEN, htonl(static_cast<std::uint32_t>(layer.key_size())));
    mnl_attr_put_u32(message, NFTA_SET_ID, htonl(static_cast<std::uint32_t>(messages_.size())));
    if (capacity) {
        nlattr* description = mnl_attr_nest_start(message, NFTA_SET_DESC);
        mnl_attr_put_u32(message, NFTA_SET_DESC_SIZE, htonl(*capacity));
        mnl_attr_nest_end(message, description);
    }
    close(message);
}

void NftBatch::add_rule(const Layer& layer) {
    nlmsghdr* message = open_table_message(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, NFTA_RULE_TABLE);
    mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain_name);
    put_layer_expressions(message, layer);
    put_rule_comment(message, rule_comment(layer));
    close(message);
}

void NftBatch::element_message(std::span<const ElementOp> ops) {
    const Layer layer = Layer::of(ops.front().network);
    const bool add = ops.front().change == enforce::BlockChange::add;
    // EXCL: an element that is there without our knowledge must be told, because adding it again would
    // silently keep its old time.
    nlmsghdr* message =
        add ? open_table_message(NFT_MSG_NEWSETELEM, NLM_F_CREATE | NLM_F_EXCL, NFTA_SET_ELEM_LIST_TABLE)
            : open_table_message(NFT_MSG_DELSETELEM, 0, NFTA_SET_ELEM_LIST_TABLE);
    auto& record = messages_.back();
    record.first_op = ops_;
    record.offsets.reserve(ops.size());
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set_name(layer).c_str());
    nlattr* list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
    for (const auto& op : ops) {
        record.offsets.push_back(message->nlmsg_len);
        nlattr* element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
        nlattr* key = mnl_attr_nest_start(message, NFTA_SET_ELEM_KEY);
        mnl_attr_put(message, NFTA_DATA_VALUE, layer.key_size(), op.network.address().bytes().data());
        mnl_attr_nest_end(message, key);
        if (add && op.timeout.count() > 0)
            mnl_attr_put_u64(message, NFTA_SET_ELEM_TIMEOUT,
                             htobe64(static_cast<std::uint64_t>(op.timeout.count())));
        mnl_attr_nest_end(message, element);
    }
    mnl_attr_nest_end(message, list);
    ops_ += ops.size();
    close(message);
}

void NftBatch::change_elements(std::span<const ElementOp> ops, std::size_t per_message) {
    const auto same_message = [](const ElementOp& a, const ElementOp& b) {
        return a.change == b.change && Layer::of(a.network) == Layer::of(b.network);
    };
    while (!ops.empty()) {
        std::size_t count = 1;
        while (count < ops.size() && count < per_message && same_message(ops.front(), ops[count]))
            ++count;
        element_message(ops.first(count));
        ops = ops.subspan(count);
    }
}

std::span<const std::byte> NftBatch::finish() {
    // The acknowledgement of the last message is the proof that the kernel has come to the end.
    reinterpret_cast<nlmsghdr*>(bytes_.data() + messages_.back().start)->nlmsg_flags |= NLM_F_ACK;
    const auto* end = open(NFNL_MSG_BATCH_END, 0);
    close(end);
    return bytes_;
}

Refusal NftBatch::locate(const runtime::NetlinkAck& ack) const {
    Refusal refusal{ack.error, std::nullopt, Refusal::Part::transaction, ack.text};
    const auto found = std::find_if(messages_.begin(), messages_.end(),
                                    [&](const auto& message) { return message.sequence == ack.sequence; });
    if (found == messages_.begin() || found == messages_.end()) return refusal;
    if (found->offsets.empty()) {
        refusal.part = Refusal::Part::structure;
        return refusal;
    }
    if (ack.offset != 0 && ack.offset < found->offsets.front()) {
        refusal.part = Refusal::Part::structure;  // it did not find the table or the set
        return refusal;
    }
    refusal.part = Refusal::Part::elements;
    if (found->offsets.size() == 1) {
        refusal.op = found->first_op;
    } else if (ack.offset != 0) {
        const auto next = std::upper_bound(found->offsets.begin(), found->offsets.end(), ack.offset);
        refusal.op = found->first_op + static_cast<std::size_t>(next - found->offsets.begin()) - 1;
    }
    return refusal;
}

std::vector<Refusal> NftBatch::refusals(std::span<const runtime::NetlinkAck> acks) const {
    std::vector<Refusal> refused;
    bool reached_end = false;
    const auto last = messages_.size() >= 2 ? messages_[messages_.size() - 2].sequence : 0;
    for (const auto& ack : acks) {
        if (ack.sequence < messages_.front().sequence || ack.sequence > messages_.back().sequence) continue;
        if (ack.error != 0) refused.push_back(locate(ack));
        reached_end = reached_end || (ack.error == 0 && ack.sequence == last);
    }
    if (refused.empty() && !reached_end)
        refused.push_back({EIO, std::nullopt, Refusal::Part::transaction, "no acknowledgement"});
    return refused;
}

}  // namespace garita::nftables
