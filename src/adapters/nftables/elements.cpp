#include "adapters/nftables/elements.hpp"

#include <algorithm>
#include <tuple>

namespace garita::nftables {
namespace {

constexpr std::chrono::minutes sweep_every{1};

}  // namespace

std::vector<Wanted> merge_changes(std::span<const enforce::BlockEntry> add, std::span<const IpNetwork> remove,
                                  Time now) {
    std::vector<Wanted> all;
    all.reserve(add.size() + remove.size());
    for (const auto& network : remove)
        all.push_back({network, enforce::BlockChange::remove, never});
    for (const auto& entry : add) {
        const bool ended = entry.expires_at && *entry.expires_at <= now;
        all.push_back({entry.network, ended ? enforce::BlockChange::remove : enforce::BlockChange::add,
                       entry.expires_at.value_or(never)});
    }
    std::stable_sort(all.begin(), all.end(), [](const Wanted& a, const Wanted& b) {
        const auto key = [](const Wanted& wanted) {
            return std::tuple(wanted.network.address().family(), wanted.network.prefix());
        };
        if (key(a) != key(b)) return key(a) < key(b);
        return a.network.address() < b.network.address();
    });
    // Of equals the last one stays, and additions stand behind removals already.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i + 1 < all.size() && all[i].network == all[i + 1].network) continue;
        all[kept++] = all[i];
    }
    all.resize(kept);
    return all;
}

const Shadow::Elements& Shadow::of(const Layer& layer) const {
    static const Elements none;
    const auto found = layers_.find(layer);
    return found == layers_.end() ? none : found->second;
}

bool Shadow::holds(const IpNetwork& network, Time now) const {
    const auto& elements = of(Layer::of(network));
    const auto found = elements.find(network.address());
    return found != elements.end() && found->second > now;
}

void Shadow::set(const IpNetwork& network, Time until) {
    layers_[Layer::of(network)].insert_or_assign(network.address(), until);
}

void Shadow::erase(const IpNetwork& network) {
    const auto layer = layers_.find(Layer::of(network));
    if (layer != layers_.end()) layer->second.erase(network.address());
}

void Shadow::forget_ended(Time now) {
    if (now < next_sweep_ && now + sweep_every >= next_sweep_) return;
    next_sweep_ = now + sweep_every;
    for (auto& [layer, elements] : layers_)
        std::erase_if(elements, [&](const auto& item) { return item.second <= now; });
}

}  // namespace garita::nftables
