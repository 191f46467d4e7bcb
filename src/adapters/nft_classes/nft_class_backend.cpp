#include "adapters/nft_classes/nft_class_backend.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/nft_classes/element_changes.hpp"
#include "adapters/nft_classes/structure.hpp"

namespace garita::nft_classes {

using enforce::ChangeFailure;
using runtime::nft::Refusal;

namespace {

constexpr int attempts = 40;
constexpr std::uint64_t growth = 4;

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

}  // namespace

NftClassBackend::NftClassBackend(std::shared_ptr<NftTable> table, NftClass rules)
    : table_(std::move(table)), class_(std::move(rules)) {}

EntryList NftClassBackend::empty_list() const {
    return EntryList(class_.effect == Effect::mark ? 4 : class_.effect == Effect::bind ? 6 : 0);
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
    const Layout fresh{FamilyLayout::for_entries(class_.capacity),
                       FamilyLayout::for_entries(std::min<std::uint32_t>(class_.capacity, 16 * 1024))};
    const auto entries = salvage(*seen);
    if (!entries) return tl::unexpected(entries.error());
    return replace(there.value_or(fresh), *entries, Sets::replace);
}

Result<EntryList> NftClassBackend::salvage(const Seen& seen) {
    EntryList entries = empty_list();
    for (const IpFamily family : families)
        for (unsigned shard = 0; seen.sets.contains(set_name(class_, family, shard)); ++shard) {
            const auto read = read_shard(family, shard, [&](const RuleKey& key, const RuleValue& value) {
                const auto address = address_key(key);
                const auto data = element_data(class_, value);
                if (address && data) entries.add(*address, *data);
            });
            if (!read && read.error().code != ErrorCode::not_found) return tl::unexpected(read.error());
        }
    return entries;
}

Result<Layout> NftClassBackend::larger(Layout layout, IpFamily family) const {
    const std::uint64_t now = layout.of(family).capacity();
    if (now >= class_.most)
        return fail(ErrorCode::full,
                    "rules " + class_.name + " have reached their limit of " + std::to_string(class_.most) +
                        " entries",
                    Retry::later);
    layout.of(family) = FamilyLayout::for_entries(std::min<std::uint64_t>(now * growth, class_.most));
    return layout;
}

Result<void> NftClassBackend::replace(Layout layout, const EntryList& entries, Sets sets) {
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto seen = table_->look(class_);
        if (!seen) return tl::unexpected(seen.error());
        auto transaction = table_->begin();
        if (!transaction) return tl::unexpected(transaction.error());
        transaction->reserve((entries.size(IpFamily::v4) + entries.size(IpFamily::v6)) * 24 + 65'536);
        const bool keep = sets == Sets::keep && is_complete(class_, layout, *seen);
        if (keep) {
            put_flush(*transaction, class_, layout);
        } else {
            transaction->message(NFT_MSG_NEWTABLE, NLM_F_CREATE, NFTA_TABLE_NAME);
            put_removal(*transaction, *seen);
            put_structure(*transaction, class_, layout);
        }
        put_entries(*transaction, class_, layout, entries);
        const auto refusals = table_->commit(*transaction);
        if (!refusals) return tl::unexpected(refusals.error());
        if (refusals->empty()) {
            layout_ = layout;
            return {};
        }
        if (NftTable::overtaken(*refusals)) continue;
        const auto full = std::find_if(refusals->begin(), refusals->end(),
                                       [](const Refusal& refusal) { return refusal.error == ENFILE; });
        if (full == refusals->end()) return refused(*table_, class_, refusals->front());
        const bool v4 = entries.size(IpFamily::v4) * 8 > layout.v4.capacity() * 7;
        const auto more = larger(layout, v4 ? IpFamily::v4 : IpFamily::v6);
        if (!more) return tl::unexpected(more.error());
        layout = *more;
    }
    return never_came_through(*table_);
}

Result<void> NftClassBackend::grow(IpFamily family) {
    const auto seen = table_->look(class_);
    if (!seen) return tl::unexpected(seen.error());
    const auto there = layout_of(class_, *seen);
    if (!there) {
        layout_.reset();
        return tl::unexpected(layout().error());
    }
    const auto more = larger(*there, family);
    if (!more) return tl::unexpected(more.error());
    const auto entries = salvage(*seen);
    if (!entries) return tl::unexpected(entries.error());
    return replace(*more, *entries, Sets::replace);
}

Result<std::vector<ChangeFailure>> NftClassBackend::apply(std::span<const enforce::ClassChange> changes) {
    if (const auto ready = layout(); !ready) return tl::unexpected(ready.error());
    ElementChanges work(*table_, class_, changes);
    for (int attempt = 0; attempt < attempts; ++attempt) {
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

Result<void> NftClassBackend::read_shard(IpFamily family, unsigned shard, const enforce::EntrySink& entry) {
    std::vector<std::pair<RuleKey, RuleValue>> found;
    const std::string set =
        class_.effect == Effect::bind ? pairs_name(class_, family, shard) : set_name(class_, family, shard);
    const std::size_t size = family == IpFamily::v4 ? 4 : 16;
    const auto element = [&](std::span<const std::byte> key, std::span<const std::byte> data) {
        if (key.size() < size) return;
        const auto held = class_.effect == Effect::bind ? key.subspan(size) : data;
        const auto address = rule_key(key.first(size));
        const auto value = rule_value(class_, held);
        if (address && value) found.emplace_back(*address, *value);
    };
    if (const auto listed = table_->list(set, element, [&] { found.clear(); }); !listed) return listed;
    for (const auto& [key, value] : found)
        entry(key, value);
    return {};
}

std::size_t NftClassBackend::parts() const {
    return layout_ ? layout_->v4.shards + layout_->v6.shards : 1;
}

std::size_t NftClassBackend::part_of(const RuleKey& key) const {
    const auto address = address_key(key);
    if (!layout_ || !address) return 0;
    const unsigned shard = shard_of(*address, layout_->of(address->family).shards);
    return address->family == IpFamily::v4 ? shard : layout_->v4.shards + shard;
}

Result<void> NftClassBackend::read_part(std::size_t part, const enforce::EntrySink& entry) {
    const auto ready = layout();
    if (!ready) return tl::unexpected(ready.error());
    if (part == 0) {
        const auto foreign = table_->foreign_commits();
        if (!foreign) return tl::unexpected(foreign.error());
        foreign_seen_ = *foreign;
    }
    const bool v4 = part < ready->v4.shards;
    const auto shard = static_cast<unsigned>(v4 ? part : part - ready->v4.shards);
    return read_shard(v4 ? IpFamily::v4 : IpFamily::v6, shard, entry);
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
        const auto address = address_key(key);
        const auto data = element_data(class_, value);
        if (address && data)
            entries.add(*address, *data);
        else
            failed.push_back({place, unfit(class_, address ? Unfit::value : Unfit::key)});
        ++place;
    });
    (void)count;
    const auto seen = table_->look(class_);
    if (!seen) return tl::unexpected(seen.error());
    const auto there = layout_of(class_, *seen);
    Layout layout = there.value_or(
        Layout{FamilyLayout::for_entries(class_.capacity),
               FamilyLayout::for_entries(std::min<std::uint32_t>(class_.capacity, 16 * 1024))});
    for (const IpFamily family : families)
        if (entries.size(family) * 8 > layout.of(family).capacity() * 7)
            layout.of(family) = FamilyLayout::for_entries(entries.size(family) + entries.size(family) / 2);
    const auto replaced = replace(layout, entries, Sets::keep);
    if (!replaced) return tl::unexpected(replaced.error());
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
        put_removal(*transaction, *seen);
        const auto refusals = table_->commit(*transaction);
        if (!refusals) return tl::unexpected(refusals.error());
        if (refusals->empty()) return {};
        if (!NftTable::overtaken(*refusals)) return refused(*table_, class_, refusals->front());
    }
    return never_came_through(*table_);
}

}  // namespace garita::nft_classes
