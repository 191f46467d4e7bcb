#include "adapters/nft_classes/layout.hpp"

namespace garita::nft_classes {
namespace {

constexpr std::uint64_t most_in_one_set = 32 * 1024;
constexpr std::uint64_t least = 256;
constexpr std::uint32_t first_of_second_family = 16 * 1024;

std::string shard_text(unsigned shard) {
    return {'.', static_cast<char>('0' + shard / 10), static_cast<char>('0' + shard % 10)};
}

constexpr auto by_layer = [](const Layout::Room& room, const Layer& layer) { return room.layer < layer; };

enum class There { no, yes, wrong };
There look_for(const NftClass& of, const Layer& layer, const Seen& seen, Spread& found) {
    const auto first = seen.sets.find(set_name(of, layer, 0));
    if (first == seen.sets.end()) return There::no;
    found = {1, first->second};
    while (found.shards <= Layout::most_shards && seen.sets.contains(set_name(of, layer, found.shards)))
        ++found.shards;
    if (found.shard_size == 0 || (found.shards != 1 && found.shards != Layout::most_shards))
        return There::wrong;
    for (unsigned shard = 0; shard < found.shards; ++shard) {
        if (seen.sets.find(set_name(of, layer, shard))->second != found.shard_size) return There::wrong;
        if (of.effect == Effect::bind && !seen.sets.contains(pairs_name(of, layer, shard)))
            return There::wrong;
    }
    return There::yes;
}

}  // namespace

Spread Spread::for_entries(const NftClass& of, std::uint64_t entries) {
    if (entries <= most_in_one_set || of.effect == Effect::none)
        return {1, static_cast<std::uint32_t>(std::max(entries, least))};
    const std::uint64_t each = (entries + Layout::most_shards - 1) / Layout::most_shards;
    return {Layout::most_shards, static_cast<std::uint32_t>(each + each / 8)};
}

Layout Layout::fresh(const NftClass& of) {
    Layout layout;
    if (of.key == ParamType::network) return layout;
    for (const auto& layer : possible_layers(of)) {
        const bool second = layer.kind == Layer::Kind::v6;
        layout.set(layer, Spread::for_entries(
                              of, second ? std::min(of.capacity, first_of_second_family) : of.capacity));
    }
    return layout;
}

void Layout::set(const Layer& layer, const Spread& spread) {
    const auto at = std::lower_bound(rooms_.begin(), rooms_.end(), layer, by_layer);
    if (at != rooms_.end() && at->layer == layer)
        at->spread = spread;
    else
        rooms_.insert(at, {layer, spread});
}

void Layout::erase(const Layer& layer) {
    std::erase_if(rooms_, [&](const Room& room) { return room.layer == layer; });
}

const Layout::Room* Layout::find(const Layer& layer) const {
    const auto at = std::lower_bound(rooms_.begin(), rooms_.end(), layer, by_layer);
    return at != rooms_.end() && at->layer == layer ? &*at : nullptr;
}

std::size_t Layout::sets() const {
    std::size_t all = 0;
    for (const auto& room : rooms_)
        all += room.spread.shards;
    return all;
}

std::optional<unsigned> Layout::shard_of(const ElementKey& key) const {
    const auto* room = find(key.layer);
    return room == nullptr ? std::nullopt : std::optional(nft_classes::shard_of(key, room->spread.shards));
}

std::string set_name(const NftClass& of, const Layer& layer, unsigned shard) {
    return layer_name(of, layer) + shard_text(shard);
}

std::string pairs_name(const NftClass& of, const Layer& layer, unsigned shard) {
    return layer_name(of, layer) + 'p' + shard_text(shard);
}

std::string dispatch_name(const NftClass& of, const Layer& layer, Side side) {
    return layer_name(of, layer) + static_cast<char>(side);
}

std::string chain_name(const NftClass& of, const Layer& layer, Side side, unsigned shard) {
    return dispatch_name(of, layer, side) + shard_text(shard);
}

std::string walk_name(const NftClass& of, IpFamily family, Side side) {
    return of.name + (family == IpFamily::v4 ? ".4" : ".6") + static_cast<char>(side);
}

std::vector<Side> sides(Effect effect) {
    switch (effect) {
        case Effect::none:
            return {};
        case Effect::bind:
            return {Side::source};
        case Effect::open:
        case Effect::closed:
        case Effect::mark:
            return {Side::source, Side::destination};
    }
    return {};
}

bool is_of(const NftClass& of, std::string_view name) {
    return name == of.name || (name.starts_with(of.name) && name[of.name.size()] == '.');
}

std::optional<Layout> layout_of(const NftClass& of, const Seen& seen) {
    Layout layout;
    for (const auto& layer : possible_layers(of)) {
        Spread found;
        const auto there = look_for(of, layer, seen, found);
        if (there == There::wrong) return std::nullopt;
        if (there == There::yes)
            layout.set(layer, found);
        else if (of.key != ParamType::network)
            return std::nullopt;
    }
    return layout;
}

}  // namespace garita::nft_classes
