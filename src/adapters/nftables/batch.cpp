#include "adapters/nftables/batch.hpp"

#include <endian.h>
#include <utility>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

#include "adapters/nftables/expressions.hpp"
#include "runtime/nft/expressions.hpp"

namespace garita::nftables {
namespace {

constexpr std::uint32_t ipv4_type = 7;  // the nft program's numbers of its data types
constexpr std::uint32_t ipv6_type = 8;
constexpr std::uint32_t before_connection_tracking = static_cast<std::uint32_t>(-300);

}  // namespace

std::string rule_comment(const Layer& layer) {
    return "garita: " + set_name(layer);
}

NftBatch::NftBatch(std::string table, std::function<std::uint32_t()> next_sequence)
    : transaction_(std::move(table), std::move(next_sequence)) {}

void NftBatch::add_table() {
    transaction_.message(NFT_MSG_NEWTABLE, NLM_F_CREATE, NFTA_TABLE_NAME);
}

void NftBatch::delete_table() {
    transaction_.message(NFT_MSG_DELTABLE, 0, NFTA_TABLE_NAME);
}

void NftBatch::add_chain() {
    transaction_.message(NFT_MSG_NEWCHAIN, NLM_F_CREATE, NFTA_CHAIN_TABLE, [](nlmsghdr* message) {
        mnl_attr_put_strz(message, NFTA_CHAIN_NAME, chain_name);
        nlattr* hook = mnl_attr_nest_start(message, NFTA_CHAIN_HOOK);
        mnl_attr_put_u32(message, NFTA_HOOK_HOOKNUM, htonl(NF_INET_PRE_ROUTING));
        mnl_attr_put_u32(message, NFTA_HOOK_PRIORITY, htonl(before_connection_tracking));
        mnl_attr_nest_end(message, hook);
        mnl_attr_put_u32(message, NFTA_CHAIN_POLICY, htonl(NF_ACCEPT));
        mnl_attr_put_strz(message, NFTA_CHAIN_TYPE, "filter");
    });
}

void NftBatch::add_loopback_rule() {
    // Without NLM_F_APPEND it becomes the first rule, whatever is there already.
    transaction_.message(NFT_MSG_NEWRULE, NLM_F_CREATE, NFTA_RULE_TABLE, [](nlmsghdr* message) {
        mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain_name);
        put_loopback_expressions(message);
        runtime::nft::put_rule_comment(message, loopback_comment);
    });
}

void NftBatch::add_set(const Layer& layer, std::optional<std::uint32_t> capacity) {
    const std::uint32_t id = transaction_.size();
    transaction_.message(NFT_MSG_NEWSET, NLM_F_CREATE, NFTA_SET_TABLE, [&](nlmsghdr* message) {
        mnl_attr_put_strz(message, NFTA_SET_NAME, set_name(layer).c_str());
        mnl_attr_put_u32(message, NFTA_SET_FLAGS, htonl(NFT_SET_TIMEOUT));
        mnl_attr_put_u32(message, NFTA_SET_KEY_TYPE,
                         htonl(layer.family == IpFamily::v4 ? ipv4_type : ipv6_type));
        mnl_attr_put_u32(message, NFTA_SET_KEY_LEN, htonl(static_cast<std::uint32_t>(layer.key_size())));
        mnl_attr_put_u32(message, NFTA_SET_ID, htonl(id));
        if (capacity) {
            nlattr* description = mnl_attr_nest_start(message, NFTA_SET_DESC);
            mnl_attr_put_u32(message, NFTA_SET_DESC_SIZE, htonl(*capacity));
            mnl_attr_nest_end(message, description);
        }
    });
}

void NftBatch::add_rule(const Layer& layer) {
    transaction_.message(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, NFTA_RULE_TABLE,
                         [&](nlmsghdr* message) {
                             mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain_name);
                             put_layer_expressions(message, layer);
                             runtime::nft::put_rule_comment(message, rule_comment(layer));
                         });
}

void NftBatch::element_message(std::span<const ElementOp> ops) {
    const Layer layer = Layer::of(ops.front().network);
    const bool add = ops.front().change == enforce::BlockChange::add;
    // EXCL: an element that is there without our knowledge must be told, because adding it again would
    // silently keep its old time.
    transaction_.elements(add ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM,
                          add ? static_cast<std::uint16_t>(NLM_F_CREATE | NLM_F_EXCL) : std::uint16_t{0},
                          set_name(layer).c_str(), ops.size(), [&](nlmsghdr* message, std::size_t i) {
                              const auto& op = ops[i];
                              nlattr* key = mnl_attr_nest_start(message, NFTA_SET_ELEM_KEY);
                              mnl_attr_put(message, NFTA_DATA_VALUE, layer.key_size(),
                                           op.network.address().bytes().data());
                              mnl_attr_nest_end(message, key);
                              if (add && op.timeout.count() > 0)
                                  mnl_attr_put_u64(message, NFTA_SET_ELEM_TIMEOUT,
                                                   htobe64(static_cast<std::uint64_t>(op.timeout.count())));
                          });
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

}  // namespace garita::nftables
