#include "adapters/nft_classes/nft_class_backend.hpp"

#include <algorithm>
#include <utility>

#include "adapters/nft_classes/element_changes.hpp"
#include "adapters/nft_classes/structure.hpp"

namespace garita::nft_classes {

using enforce::ChangeFailure;
using runtime::nft::Refusal;

namespace {

constexpr int attempts = 40;

}  // namespace

NftClassBackend::NftClassBackend(std::shared_ptr<NftTable> table, NftClass rules)
    : table_(std::move(table)), class_(std::move(rules)) {}

EntryList NftClassBackend::empty_list() const {
    const auto held = class_.held();
    return EntryList(held ? fixed_size(*held) : 0);
}

Result<Layout> NftClassBackend::layout() {
    if (layout_) return *layout_;
    return fail(
        ErrorCode::conflict,
        "rules " + class_.name + " are not set up in table inet " + table_->name() + ": prepare them first",
        Retry::later);
}

Result<void> NftClassBackend::prepare() {
    const auto seen = table_->look(class_);
    if (!seen) return tl::unexpected(seen.error());
    const auto there = layout_of(class_, *seen);
    if (there && is_complete(class_, *there, *seen)) {
        layout_ = there;
        return {};
    }
    const auto entries = salvage(*seen, possible_layers(class_));
    if (!entries) return tl::unexpected(entries.error());
    return arrange(there.value_or(fitted(Layout::fresh(class_), *entries)), *entries, Anew::everything);
}

Result<std::vector<ChangeFailure>> NftClassBackend::apply(std::span<const enforce::ClassChange> changes) {
    if (const auto ready = layout(); !ready) return tl::unexpected(ready.error());
    ElementChanges work(*table_, class_, changes);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (const auto added = add_layers(work); !added) return tl::unexpected(added.error());
        const auto outcome = work.attempt(*layout_);
        if (!outcome) {
            if (outcome.error().code == ErrorCode::conflict) layout_.reset();
            return tl::unexpected(outcome.error());
        }
        if (outcome->done == ElementChanges::Done::yes) return work.failures();
        if (!outcome->full) continue;
        if (const auto grown = grow(*outcome->full); !grown) {
            if (grown.error().code != ErrorCode::full) return tl::unexpected(grown.error());
            work.give_up_full(*outcome->full, grown.error());
        }
    }
    return never_came_through(*table_);
}

Result<void> NftClassBackend::read_shard(const Layer& layer, unsigned shard,
                                         const enforce::EntrySink& entry) {
    std::vector<std::pair<RuleKey, RuleValue>> found;
    const bool pairs = class_.effect == Effect::bind;
    const std::string set = pairs ? pairs_name(class_, layer, shard) : set_name(class_, layer, shard);
    const std::size_t size = layer.size();
    const auto element = [&](std::span<const std::byte> key, std::span<const std::byte> data) {
        if (key.size() < size) return;
        const auto rule = rule_key(class_, layer, key.first(size));
        const auto value = rule_value(class_, pairs ? key.subspan(size) : data);
        if (rule && value) found.emplace_back(*rule, *value);
    };
    if (const auto listed = table_->list(set, element, [&] { found.clear(); }); !listed) return listed;
    for (const auto& [key, value] : found)
        entry(key, value);
    return {};
}

std::size_t NftClassBackend::parts() const {
    return layout_ ? std::max<std::size_t>(layout_->sets(), 1) : 1;
}

std::size_t NftClassBackend::part_of(const RuleKey& key) const {
    const auto element = element_key(class_, key);
    const auto shard = layout_ && element ? layout_->shard_of(*element) : std::nullopt;
    if (!shard) return 0;
    std::size_t part = *shard;
    for (const auto& [layer, spread] : layout_->rooms())
        if (layer < element->layer) part += spread.shards;
    return part;
}

std::optional<NftClassBackend::Part> NftClassBackend::at_part(std::size_t part) const {
    for (const auto& [layer, spread] : layout_->rooms()) {
        if (part < spread.shards) return Part{layer, static_cast<unsigned>(part)};
        part -= spread.shards;
    }
    return std::nullopt;
}

Result<void> NftClassBackend::read_part(std::size_t part, const enforce::EntrySink& entry) {
    if (const auto ready = layout(); !ready) return tl::unexpected(ready.error());
    if (part == 0) {
        const auto foreign = table_->foreign_commits();
        if (!foreign) return tl::unexpected(foreign.error());
        foreign_seen_ = *foreign;
    }
    const auto at = at_part(part);
    return at ? read_shard(at->layer, at->shard, entry) : Result<void>{};
}

Result<void> NftClassBackend::read_back(const enforce::EntrySink& entry) {
    const std::size_t all = parts();
    for (std::size_t part = 0; part < all; ++part)
        if (const auto read = read_part(part, entry); !read) return read;
    return {};
}

Result<std::vector<ChangeFailure>> NftClassBackend::rebuild(const enforce::EntrySource& all,
                                                            std::size_t count) {
    const auto foreign = table_->foreign_commits();
    if (!foreign) return tl::unexpected(foreign.error());
    EntryList entries = empty_list();
    std::vector<ChangeFailure> failed;
    std::size_t place = 0;
    all([&](const RuleKey& key, const RuleValue& value) {
        const auto element = element_key(class_, key);
        const auto data = element_data(class_, value);
        if (element && data)
            entries.add(*element, *data);
        else
            failed.push_back({place, unfit(class_, element ? Unfit::value : Unfit::key)});
        ++place;
    });
    (void)count;
    const auto seen = table_->look(class_);
    if (!seen) return tl::unexpected(seen.error());
    const auto there = layout_of(class_, *seen);
    const auto layout = fitted(there.value_or(Layout::fresh(class_)), entries);
    if (const auto done = arrange(layout, entries, Anew::entries); !done) return tl::unexpected(done.error());
    foreign_seen_ = *foreign;
    return failed;
}

Result<enforce::Drift> NftClassBackend::check(std::size_t) {
    const auto foreign = table_->foreign_commits();
    if (!foreign) return tl::unexpected(foreign.error());
    if (layout_ && *foreign == foreign_seen_) return enforce::Drift::none;
    const auto seen = table_->look(class_);
    if (!seen) return tl::unexpected(seen.error());
    const auto there = layout_of(class_, *seen);
    if (!there || !is_complete(class_, *there, *seen)) {
        layout_.reset();
        return enforce::Drift::structure;
    }
    if (!layout_) {
        layout_ = there;
        return enforce::Drift::possible;
    }
    layout_ = there;
    return enforce::Drift::possible;
}

Result<void> NftClassBackend::remove_all() {
    layout_.reset();
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto seen = table_->look(class_);
        if (!seen) return tl::unexpected(seen.error());
        if (seen->empty()) return {};
        auto transaction = table_->begin();
        if (!transaction) return tl::unexpected(transaction.error());
        put_removal(*transaction, class_, *seen, {});
        const auto refusals = table_->commit(*transaction);
        if (!refusals) return tl::unexpected(refusals.error());
        if (refusals->empty()) return {};
        if (!NftTable::overtaken(*refusals)) return refused(*table_, class_, refusals->front());
    }
    return never_came_through(*table_);
}

}  // namespace garita::nft_classes
