// From the sets of a class that are there to those that it needs.

#include <algorithm>
#include <cerrno>
#include <utility>

#include "adapters/nft_classes/nft_class_backend.hpp"
#include "adapters/nft_classes/structure.hpp"

namespace garita::nft_classes {

using runtime::nft::Refusal;

namespace {

constexpr int attempts = 40;
constexpr std::uint64_t growth = 4;

/// The layers that both have with the same sets.
Kept alike(const Layout& one, const Layout& other) {
    Kept kept;
    for (const auto& [layer, spread] : one.rooms())
        if (const auto* room = other.find(layer); room != nullptr && room->spread == spread)
            kept.insert(layer);
    return kept;
}

/// The layer with the least room left in proportion.
Layer fullest(const Layout& layout, const EntryList& entries) {
    const auto rooms = layout.rooms();
    return std::max_element(rooms.begin(), rooms.end(),
                            [&](const Layout::Room& one, const Layout::Room& other) {
                                return entries.size(one.layer) * other.spread.capacity() <
                                       entries.size(other.layer) * one.spread.capacity();
                            })
        ->layer;
}

}  // namespace

Result<EntryList> NftClassBackend::salvage(const Seen& seen, std::span<const Layer> layers) {
    EntryList entries = empty_list();
    for (const auto& layer : layers)
        for (unsigned shard = 0; seen.sets.contains(set_name(class_, layer, shard)); ++shard) {
            const auto read = read_shard(layer, shard, [&](const RuleKey& key, const RuleValue& value) {
                const auto element = element_key(class_, key);
                const auto data = element_data(class_, value);
                if (element && data) entries.add(*element, *data);
            });
            if (!read && read.error().code != ErrorCode::not_found) return tl::unexpected(read.error());
        }
    return entries;
}

Layout NftClassBackend::fitted(Layout layout, const EntryList& entries) const {
    for (const auto& layer : possible_layers(class_)) {
        const std::size_t count = entries.size(layer);
        const auto* room = layout.find(layer);
        if (count > 0 && (room == nullptr || !room->spread.is_enough_for(count)))
            layout.set(layer, Spread::for_entries(
                                  class_, std::max<std::uint64_t>(count + count / 2, class_.capacity)));
        else if (count == 0 && class_.key == ParamType::network)
            layout.erase(layer);
    }
    return layout;
}

Result<Layout> NftClassBackend::larger(Layout layout, const Layer& layer) const {
    const auto* room = layout.find(layer);
    const std::uint64_t now = room == nullptr ? class_.capacity : room->spread.capacity();
    if (now >= class_.most)
        return fail(ErrorCode::full,
                    "rules " + class_.name + " have reached their limit of " + std::to_string(class_.most) +
                        " entries",
                    Retry::later);
    layout.set(layer, Spread::for_entries(class_, std::min<std::uint64_t>(now * growth, class_.most)));
    return layout;
}

Result<void> NftClassBackend::arrange(Layout layout, const EntryList& entries, Anew anew) {
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto seen = table_->look(class_);
        if (!seen) return tl::unexpected(seen.error());
        const auto there = layout_of(class_, *seen);
        const bool complete = there && is_complete(class_, *there, *seen);
        if (anew == Anew::differing && !complete) {
            layout_.reset();
            return tl::unexpected(this->layout().error());
        }
        auto transaction = table_->begin();
        if (!transaction) return tl::unexpected(transaction.error());
        transaction->reserve(entries.size() * 24 + 65'536);
        if (anew == Anew::entries && complete && *there == layout) {
            put_flush(*transaction, class_, layout);
        } else {
            const auto kept = anew == Anew::differing ? alike(*there, layout) : Kept{};
            transaction->message(NFT_MSG_NEWTABLE, NLM_F_CREATE, NFTA_TABLE_NAME);
            put_removal(*transaction, class_, *seen, kept);
            put_structure(*transaction, class_, layout, kept);
        }
        put_entries(*transaction, class_, layout, entries);
        const auto refusals = table_->commit(*transaction);
        if (!refusals) return tl::unexpected(refusals.error());
        if (refusals->empty()) {
            layout_ = std::move(layout);
            return {};
        }
        if (NftTable::overtaken(*refusals)) continue;
        const auto full = std::find_if(refusals->begin(), refusals->end(),
                                       [](const Refusal& refusal) { return refusal.error == ENFILE; });
        if (full == refusals->end()) return refused(*table_, class_, refusals->front());
        const auto more = larger(layout, fullest(layout, entries));
        if (!more) return tl::unexpected(more.error());
        layout = *more;
    }
    return never_came_through(*table_);
}

Result<void> NftClassBackend::grow(const Layer& layer) {
    const auto seen = table_->look(class_);
    if (!seen) return tl::unexpected(seen.error());
    const auto there = layout_of(class_, *seen);
    if (!there) {
        layout_.reset();
        return tl::unexpected(layout().error());
    }
    const auto more = larger(*there, layer);
    if (!more) return tl::unexpected(more.error());
    const auto entries = salvage(*seen, std::span(&layer, 1));
    if (!entries) return tl::unexpected(entries.error());
    return arrange(*more, *entries, Anew::differing);
}

Result<void> NftClassBackend::add_layers(const ElementChanges& changes) {
    Layout layout = *layout_;
    for (const auto& [layer, count] : changes.additions())
        if (layout.find(layer) == nullptr)
            layout.set(layer,
                       Spread::for_entries(class_, std::max<std::uint64_t>(count * growth, class_.capacity)));
    return layout == *layout_ ? Result<void>{} : arrange(layout, empty_list(), Anew::differing);
}

}  // namespace garita::nft_classes
