#include "adapters/nft_classes/table.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>

#include "runtime/nft/messages.hpp"

namespace garita::nft_classes {

using runtime::nft::put_question;
using runtime::nft::put_request;
using runtime::nft::Refusal;
using runtime::nft::Transaction;

namespace {

constexpr std::size_t questions_at_once = 500;

struct Request {
    alignas(nlmsghdr) std::array<std::byte, 1024> bytes{};
};

}  // namespace

Result<std::shared_ptr<NftTable>> NftTable::open(std::string name) {
    auto socket = runtime::NetlinkSocket::open(NETLINK_NETFILTER, "nftables");
    if (!socket) return tl::unexpected(socket.error());
    return std::shared_ptr<NftTable>(new NftTable(std::move(name), std::move(*socket)));
}

Result<std::uint64_t> NftTable::foreign_commits() {
    const auto now = runtime::nft::generation(socket_);
    if (!now) return tl::unexpected(now.error());
    if (generation_ && *generation_ != *now) ++foreign_;
    generation_ = *now;
    return foreign_;
}

Result<Transaction> NftTable::begin() {
    if (!generation_)
        if (const auto looked = foreign_commits(); !looked) return tl::unexpected(looked.error());
    return Transaction(
        name_, [this] { return socket_.next_sequence(); }, generation_);
}

Result<std::vector<Refusal>> NftTable::commit(Transaction& transaction) {
    const auto acks = socket_.send_batch(transaction.finish());
    if (!acks) {
        generation_.reset();  // whether it was carried out is not known
        ++foreign_;
        return tl::unexpected(acks.error());
    }
    auto refusals = transaction.refusals(*acks);
    if (refusals.empty()) {
        if (generation_ && ++*generation_ == 0) ++*generation_;  // the kernel leaves out 0
    } else if (overtaken(refusals)) {
        generation_.reset();
        ++foreign_;
    }
    return refusals;
}

bool NftTable::overtaken(std::span<const Refusal> refusals) {
    return std::any_of(refusals.begin(), refusals.end(), [](const Refusal& refusal) {
        return refusal.part == Refusal::Part::transaction && refusal.error == ERESTART;
    });
}

template <typename Visit>
Result<void> NftTable::dump(std::uint16_t type, std::uint16_t table_attribute, const Visit& visit,
                            const std::function<void()>& restart) {
    Request buffer;
    nlmsghdr* message = put_request(buffer.bytes, type, NLM_F_DUMP);
    mnl_attr_put_strz(message, table_attribute, name_.c_str());
    const auto ack = socket_.dump(*message, visit, restart);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error != 0 && ack->error != ENOENT)
        return runtime::nft::refused("to show table inet " + name_, ack->error);
    return {};
}

Result<Seen> NftTable::look(const NftClass& of) {
    Seen seen;
    const auto take_set = [&](const nlmsghdr& answer) {
        if (const auto set = parse_set(answer, name_); set && is_of(of, set->name))
            seen.sets[std::string(set->name)] = set->size;
    };
    const auto take_chain = [&](const nlmsghdr& answer) {
        if (const auto chain = parse_chain(answer, name_); chain && is_of(of, *chain))
            seen.chains.try_emplace(std::string(*chain));
    };
    const auto take_rule = [&](const nlmsghdr& answer) {
        if (const auto rule = parse_rule(answer, name_); rule && is_of(of, rule->chain))
            seen.chains[std::string(rule->chain)].emplace_back(rule->comment);
    };
    const auto sets = dump(NFT_MSG_GETSET, NFTA_SET_TABLE, take_set, [&] { seen.sets.clear(); });
    if (!sets) return tl::unexpected(sets.error());
    const auto chains = dump(NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, take_chain, [&] { seen.chains.clear(); });
    if (!chains) return tl::unexpected(chains.error());
    const auto rules = dump(NFT_MSG_GETRULE, NFTA_RULE_TABLE, take_rule, [&] {
        for (auto& [chain, comments] : seen.chains)
            comments.clear();
    });
    if (!rules) return tl::unexpected(rules.error());
    return seen;
}

Result<void> NftTable::list(const std::string& set, const ElementSink& element,
                            const std::function<void()>& restart) {
    Request buffer;
    nlmsghdr* message = put_request(buffer.bytes, NFT_MSG_GETSETELEM, NLM_F_DUMP);
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, name_.c_str());
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set.c_str());
    const auto visit = [&](const nlmsghdr& answer) { parse_elements(answer, element); };
    const auto ack = socket_.dump(*message, visit, restart);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == ENOENT)
        return fail(ErrorCode::not_found, "set " + set + " is not in table inet " + name_, Retry::later);
    if (ack->error != 0) return runtime::nft::refused("to list set " + set, ack->error);
    return {};
}

Result<void> NftTable::look_up(const NftClass& of, const Layout& layout, std::span<const ElementKey> keys,
                               const ElementSink& element) {
    const auto visit = [&](const nlmsghdr& answer) { parse_elements(answer, element); };
    while (!keys.empty()) {
        // One question for each: the kernel gives up a question at the first element that it does not have.
        const auto part = keys.first(std::min(keys.size(), questions_at_once));
        keys = keys.subspan(part.size());
        std::vector<std::byte> questions;
        for (const auto& key : part) {
            const auto shard = layout.shard_of(key);
            if (!shard) continue;
            put_question(questions, name_, set_name(of, key.layer, *shard), key.span(),
                         socket_.next_sequence());
        }
        if (questions.empty()) continue;
        const auto acks = socket_.send_batch(questions, visit);
        if (!acks) return tl::unexpected(acks.error());
        for (const auto& ack : *acks)
            if (ack.error != 0 && ack.error != ENOENT)
                return runtime::nft::refused("to look into the sets of " + of.name, ack.error);
    }
    return {};
}

tl::unexpected<Error> refused(const NftTable& table, const NftClass& of, const Refusal& refusal) {
    std::string text = "nftables refused to set up rules " + of.name + " in table inet " + table.name() +
                       ": " + std::strerror(refusal.error);
    if (!refusal.text.empty()) text += " (" + refusal.text + ")";
    if (refusal.error == EPERM || refusal.error == EACCES)
        return fail(ErrorCode::forbidden, text + "; it needs CAP_NET_ADMIN");
    if (refusal.error == EBUSY)
        text += "; a rule of somebody else uses its sets: remove it, or name the rules otherwise";
    return fail(ErrorCode::unavailable, std::move(text), Retry::later);
}

tl::unexpected<Error> never_came_through(const NftTable& table) {
    return fail(ErrorCode::unavailable,
                "nftables was changed by others before every attempt to change table inet " + table.name(),
                Retry::later);
}

}  // namespace garita::nft_classes
