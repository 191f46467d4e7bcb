#include "enforce/wanted_blocks.hpp"

#include <algorithm>

namespace garita::enforce {

void WantedBlocks::load(const std::vector<HeldRule>& rules, std::int64_t up_to_seq) {
    wishes_.clear();
    own_.clear();
    unreadable_.clear();
    next_expiry_.reset();
    wishes_.reserve(rules.size());
    for (const auto& rule : rules)
        if (const auto network = read(rule.name, rule.params, rule.seq))
            wish(*network, rule.expires_at, rule.seq);
    up_to_seq_ = up_to_seq;
}

void WantedBlocks::take(const OwnBlock& own, Change& change) {
    const auto there = wishes_.find(own.network);
    const bool of_hub = there != wishes_.end() && there->second.seq != 0;
    if (own.news == OwnBlock::News::decided) {
        own_[own.network] = own.expires_at;
        if (of_hub) return;
        wish(own.network, own.expires_at, 0);
        change.added.push_back(own.network);
        return;
    }
    own_.erase(own.network);
    if (there == wishes_.end() || of_hub) return;
    wishes_.erase(there);
    change.removed.push_back({own.network, 0});
}

bool WantedBlocks::take(const RuleDelivery& delivery, Change& change) {
    const bool fits = take_rules(delivery, change);
    for (const auto& own : delivery.own)
        take(own, change);
    return fits;
}

bool WantedBlocks::take_rules(const RuleDelivery& delivery, Change& change) {
    if (delivery.up_to_seq <= up_to_seq_) return true;  // known already
    if (delivery.after_seq != up_to_seq_) return false;
    for (const auto& rule : delivery.changes) {
        const auto network = read(rule.name, rule.params, rule.seq);
        if (!network) {
            if (!rule.desired) unreadable_.erase({rule.name, rule.params});  // gone, whatever it was
            continue;
        }
        if (rule.desired) {
            wish(*network, rule.expires_at, rule.seq);
            change.added.push_back(*network);
        } else if (const auto own = own_.find(*network); own != own_.end()) {
            wish(*network, own->second, 0);  // the hub has not said yet what it thinks of it
            change.added.push_back(*network);
        } else {
            wishes_.erase(*network);
            change.removed.push_back({*network, rule.seq});
        }
    }
    up_to_seq_ = delivery.up_to_seq;
    return true;
}

std::vector<IpNetwork> WantedBlocks::expire(Time now) {
    std::vector<IpNetwork> ended;
    if (!next_expiry_ || *next_expiry_ > now) return ended;
    next_expiry_.reset();
    for (auto wish = wishes_.begin(); wish != wishes_.end();) {
        const auto& until = wish->second.expires_at;
        if (until && *until <= now) {
            ended.push_back(wish->first);
            own_.erase(wish->first);
            wish = wishes_.erase(wish);
            continue;
        }
        if (until) next_expiry_ = next_expiry_ ? std::min(*next_expiry_, *until) : *until;
        ++wish;
    }
    return ended;
}

const WantedBlocks::Wish* WantedBlocks::find(const IpNetwork& network) const {
    const auto found = wishes_.find(network);
    return found == wishes_.end() ? nullptr : &found->second;
}

std::optional<IpNetwork> WantedBlocks::read(const std::string& name, const std::string& params,
                                            std::int64_t seq) {
    if (name != block_rule) {
        unreadable_[{name, params}] = {seq, "this agent knows no rules of the class \"" + name + "\""};
        return std::nullopt;
    }
    auto network = IpNetwork::parse(params);
    if (!network) unreadable_[{name, params}] = {seq, "\"" + params + "\" is not a network"};
    return network;
}

void WantedBlocks::wish(const IpNetwork& network, const std::optional<Time>& expires_at, std::int64_t seq) {
    wishes_[network] = {expires_at, seq};
    if (expires_at) next_expiry_ = next_expiry_ ? std::min(*next_expiry_, *expires_at) : *expires_at;
}

}  // namespace garita::enforce
