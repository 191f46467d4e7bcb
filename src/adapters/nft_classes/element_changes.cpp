#include "adapters/nft_classes/element_changes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "adapters/nft_classes/entry_list.hpp"

namespace garita::nft_classes {

using runtime::nft::Refusal;
using runtime::nft::Transaction;

namespace {

// NFT_MSG_DESTROYSETELEM: headers of Linux before 6.3 do not have it.
constexpr std::uint16_t destroy_element = 30;
constexpr std::uint16_t add_element = NFT_MSG_NEWSETELEM;
constexpr int refused_before_one_by_one = 2;

}  // namespace

Error unfit(const NftClass& of, Unfit part) {
    return {ErrorCode::invalid,
            part == Unfit::key
                ? "rules " + of.name + " take one " + std::string(to_text(of.key)) + ", and this is none"
                : "rules " + of.name + " cannot hold this value",
            Retry::no};
}

ElementChanges::ElementChanges(NftTable& table, const NftClass& of,
                               std::span<const enforce::ClassChange> changes)
    : table_(table), class_(of), works_(changes.size()), per_message_(Transaction::most_elements) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        auto& work = works_[i];
        const auto key = element_key(of, changes[i].key);
        if (!key) {
            drop(work, i, unfit(of, Unfit::key));
            continue;
        }
        work.key = *key;
        if (changes[i].before) work.known = element_data(of, *changes[i].before);
        if (changes[i].after && !(work.after = element_data(of, *changes[i].after)))
            drop(work, i, unfit(of, Unfit::value));
        work.stray = work.known;
        // Without data, adding what is there already is no harm; with other data it is refused.
        work.remove = !work.after || (of.is_map() && work.known && work.known != work.after);
    }
}

void ElementChanges::drop(Work& work, std::size_t index, Error error) {
    if (std::exchange(work.dropped, true)) return;
    failed_.push_back({index, std::move(error)});
}

std::vector<enforce::ChangeFailure> ElementChanges::failures() {
    std::sort(failed_.begin(), failed_.end(),
              [](const auto& one, const auto& other) { return one.change < other.change; });
    return std::move(failed_);
}

std::map<Layer, std::size_t> ElementChanges::additions() const {
    std::map<Layer, std::size_t> added;
    for (const auto& work : works_)
        if (!work.dropped && work.after) ++added[work.key.layer];
    return added;
}

void ElementChanges::give_up_full(const Layer& layer, const Error& error) {
    for (std::size_t i = 0; i < works_.size(); ++i)
        if (!works_[i].dropped && works_[i].key.layer == layer && works_[i].after) drop(works_[i], i, error);
}

/// A pair can only be taken away by its MAC address: what the map of addresses says is asked for.
Result<void> ElementChanges::learn(const Layout& layout) {
    std::vector<ElementKey> keys;
    std::map<std::array<std::uint8_t, 16>, std::size_t> place[2];
    for (std::size_t i = 0; i < works_.size(); ++i) {
        if (works_[i].dropped) continue;
        keys.push_back(works_[i].key);
        place[works_[i].key.layer.kind == Layer::Kind::v4 ? 0 : 1][works_[i].key.bytes] = i;
        works_[i].known.reset();
    }
    const auto take = [&](std::span<const std::byte> key, std::span<const std::byte> data) {
        std::array<std::uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), key.data(), std::min(key.size(), bytes.size()));
        const auto& of_family = place[key.size() == 4 ? 0 : 1];
        const auto found = of_family.find(bytes);
        const auto value = rule_value(class_, data);
        if (found != of_family.end() && value) works_[found->second].known = element_data(class_, *value);
    };
    if (const auto asked = table_.look_up(class_, layout, keys, take); !asked) return asked;
    for (auto& work : works_)
        work.remove = !work.after || (work.known && work.known != work.after);
    learned_ = true;
    return {};
}

void ElementChanges::put(const Op& op, const Layout& layout) {
    const auto& key = works_[op.work].key;
    const auto* room = layout.find(key.layer);
    const auto layer = static_cast<std::size_t>(room - layout.rooms().data());
    const std::size_t place = static_cast<std::size_t>(op.verb) * 2 + static_cast<std::size_t>(op.where);
    const std::size_t shard = shard_of(key, room->spread.shards);
    buckets_[(place * layout.rooms().size() + layer) * Layout::most_shards + shard].push_back(op);
}

void ElementChanges::plan(Work& work, std::uint32_t index, const Layout& layout) {
    // nothing can be taken out of a layer that is not there
    if (work.dropped || layout.find(work.key.layer) == nullptr) return;
    if (work.remove) put({index, Verb::remove, Where::entries, {}}, layout);
    if (work.after) put({index, Verb::add, Where::entries, *work.after}, layout);
    if (class_.effect != Effect::bind) return;
    if (work.known && work.known != work.after) put({index, Verb::remove, Where::pairs, *work.known}, layout);
    if (work.stray && work.stray != work.after && work.stray != work.known)
        put({index, Verb::remove, Where::pairs, *work.stray}, layout);
    if (work.after) put({index, Verb::add, Where::pairs, *work.after}, layout);
}

void ElementChanges::write(Transaction& transaction, const Layout& layout) {
    buckets_.resize(2 * 2 * layout.rooms().size() * Layout::most_shards);
    for (auto& bucket : buckets_)
        bucket.clear();
    order_.clear();
    for (std::size_t i = 0; i < works_.size(); ++i)
        plan(works_[i], static_cast<std::uint32_t>(i), layout);
    const bool destroy = table_.destroy() == NftTable::Destroy::understood;
    const std::uint16_t remove = destroy ? destroy_element : std::uint16_t{NFT_MSG_DELSETELEM};
    for (const auto& bucket : buckets_) {
        std::span<const Op> rest(bucket);
        while (!rest.empty()) {
            const auto part = rest.first(std::min(rest.size(), per_message_));
            rest = rest.subspan(part.size());
            const auto& key = works_[part.front().work].key;
            const unsigned shard = layout.shard_of(key).value_or(0);
            const bool pairs = part.front().where == Where::pairs;
            const bool add = part.front().verb == Verb::add;
            const std::string set =
                pairs ? pairs_name(class_, key.layer, shard) : set_name(class_, key.layer, shard);
            transaction.elements(
                add ? add_element : remove, add ? std::uint16_t{NLM_F_CREATE} : std::uint16_t{0}, set.c_str(),
                part.size(), [&](nlmsghdr* message, std::size_t i) {
                    const auto& address = works_[part[i].work].key;
                    put_key(message, pairs ? pair_key(address, part[i].data).span() : address.span());
                    if (add && !pairs) put_data(message, part[i].data);
                });
            order_.insert(order_.end(), part.begin(), part.end());
        }
    }
}

Result<ElementChanges::Outcome> ElementChanges::attempt(const Layout& layout) {
    if (class_.effect == Effect::bind && !learned_)
        if (const auto known = learn(layout); !known) return tl::unexpected(known.error());
    auto transaction = table_.begin();
    if (!transaction) return tl::unexpected(transaction.error());
    transaction->reserve(works_.size() * 48 + 16 * 1024);
    write(*transaction, layout);
    if (transaction->empty()) return Outcome{Done::yes, std::nullopt};
    const auto refusals = table_.commit(*transaction);
    if (!refusals) return tl::unexpected(refusals.error());
    if (refusals->empty()) return Outcome{Done::yes, std::nullopt};
    if (NftTable::overtaken(*refusals)) {
        learned_ = false;
        return Outcome{};
    }
    return review(*refusals);
}

Result<ElementChanges::Outcome> ElementChanges::review(std::span<const Refusal> refusals) {
    Outcome outcome;
    // The kernel leaves out what stands behind a refused deletion in its message, so then "exists" says
    // nothing.
    removal_refused_ = std::any_of(refusals.begin(), refusals.end(), [&](const Refusal& refusal) {
        return refusal.op && *refusal.op < order_.size() && order_[*refusal.op].verb == Verb::remove;
    });
    for (const auto& refusal : refusals) {
        if (refusal.part == Refusal::Part::elements) {
            if (const auto full = review_one(refusal)) outcome.full = full;
            continue;
        }
        const std::string what =
            "nftables refused to change rules " + class_.name + ": " + std::strerror(refusal.error);
        if (refusal.error == ENOENT)
            return fail(
                ErrorCode::conflict,
                "rules " + class_.name + ": the table or one of its sets was removed by somebody else",
                Retry::later);
        if (refusal.error == EPERM || refusal.error == EACCES)
            return fail(ErrorCode::forbidden, what + " (it needs CAP_NET_ADMIN)");
        return fail(ErrorCode::unavailable, what, Retry::later);
    }
    if (++refused_ >= refused_before_one_by_one) per_message_ = 1;  // then each has an answer of its own
    return outcome;
}

std::optional<Layer> ElementChanges::review_one(const Refusal& refusal) {
    if (!refusal.op || *refusal.op >= order_.size()) {
        per_message_ = 1;
        return std::nullopt;
    }
    const Op& op = order_[*refusal.op];
    auto& work = works_[op.work];
    if (refusal.error == ENFILE) return work.key.layer;
    const bool unknown_verb = refusal.error == EINVAL || refusal.error == EOPNOTSUPP;
    if (op.verb == Verb::remove && unknown_verb && table_.destroy() == NftTable::Destroy::understood) {
        table_.unlearn_destroy();
    } else if (op.verb == Verb::remove && refusal.error == ENOENT) {
        if (op.where == Where::entries)
            work.remove = false;
        else if (work.stray == op.data)
            work.stray.reset();
        if (op.where == Where::pairs && work.known == op.data) work.known.reset();
    } else if (op.verb == Verb::add && refusal.error == EEXIST && (removal_refused_ || !work.remove)) {
        work.remove = work.remove || !removal_refused_;
    } else {
        drop(work, op.work,
             {ErrorCode::invalid,
              "nftables refuses this entry of " + class_.name + ": " + std::strerror(refusal.error) +
                  (refusal.text.empty() ? "" : " (" + refusal.text + ")"),
              Retry::no});
    }
    return std::nullopt;
}

}  // namespace garita::nft_classes
