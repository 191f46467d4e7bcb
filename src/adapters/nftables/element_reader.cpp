#include "adapters/nftables/element_reader.hpp"

#include <algorithm>

namespace garita::nftables {
namespace {

// So many elements fit into one message of a list, and one message is made at one instant.
constexpr std::size_t at_one_instant = 300;
constexpr int readings = 8;

bool before(const enforce::BlockEntry& a, const enforce::BlockEntry& b) {
    return a.network < b.network;
}

enforce::BlockEntry entry_of(const ElementSeen& seen, const Moment& moment) {
    enforce::BlockEntry entry{seen.network, std::nullopt};
    if (seen.remaining) entry.expires_at = moment.now() + *seen.remaining;
    return entry;
}

}  // namespace

Result<ElementReader::Listing> ElementReader::list(const Layer& layer, const Moment& moment) {
    Listing listing;
    auto& entries = listing.entries;
    const auto listed = kernel_.list(
        table_, layer, [&](const ElementSeen& seen) { entries.push_back(entry_of(seen, moment)); },
        [&] { entries.clear(); });
    if (!listed) return tl::unexpected(listed.error());
    const std::size_t all = entries.size();
    std::stable_sort(entries.begin(), entries.end(), before);
    const auto same = [](const auto& a, const auto& b) { return a.network == b.network; };
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
    listing.repeated = all - entries.size();
    return listing;
}

Result<ElementReader::Listing> ElementReader::list_until_stable(const Layer& layer, const Moment& moment) {
    auto last = list(layer, moment);
    for (int reading = 1; last && reading < readings; ++reading) {
        if (last->repeated == 0 && last->entries.size() <= at_one_instant) break;
        auto next = list(layer, moment);
        if (!next) return next;
        const bool stable =
            last->repeated == 0 && next->repeated == 0 && last->entries.size() == next->entries.size();
        last = std::move(next);
        if (stable) break;
    }
    return last;
}

Result<void> ElementReader::add_left_out(const Layer& layer, const Moment& moment,
                                         std::vector<enforce::BlockEntry>& entries) {
    std::vector<IpNetwork> left_out;
    const Time now = moment.now();
    for (const auto& [address, until] : known_->of(layer)) {
        const enforce::BlockEntry held{IpNetwork(address, layer.prefix), std::nullopt};
        if (until > now && !std::binary_search(entries.begin(), entries.end(), held, before))
            left_out.push_back(held.network);
    }
    if (left_out.empty()) return {};
    const auto found = kernel_.look_up(table_, layer, left_out);
    if (!found) return tl::unexpected(found.error());
    for (const auto& seen : *found)
        entries.push_back(entry_of(seen, moment));
    std::sort(entries.begin(), entries.end(), before);
    return {};
}

Result<std::vector<enforce::BlockEntry>> ElementReader::read(const Layer& layer, const Moment& moment) {
    auto listing = known_ != nullptr ? list(layer, moment) : list_until_stable(layer, moment);
    if (!listing) return tl::unexpected(listing.error());
    if (known_ != nullptr)
        if (auto added = add_left_out(layer, moment, listing->entries); !added)
            return tl::unexpected(added.error());
    return std::move(listing->entries);
}

}  // namespace garita::nftables
