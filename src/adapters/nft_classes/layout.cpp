#include "adapters/nft_classes/layout.hpp"

#include <algorithm>

namespace garita::nft_classes {
namespace {

constexpr std::uint64_t most_in_one_set = 32 * 1024;

std::string family_text(const NftClass& of, IpFamily family) {
    return of.name + (family == IpFamily::v4 ? ".4" : ".6");
}

std::string shard_text(unsigned shard) {
    return {'.', static_cast<char>('0' + shard / 10), static_cast<char>('0' + shard % 10)};
}

std::optional<FamilyLayout> family_layout(const NftClass& of, IpFamily family, const Seen& seen) {
    const auto first = seen.sets.find(set_name(of, family, 0));
    if (first == seen.sets.end() || first->second == 0) return std::nullopt;
    FamilyLayout layout{1, first->second};
    while (seen.sets.contains(set_name(of, family, layout.shards)))
        ++layout.shards;
    if (layout.shards != 1 && layout.shards != most_shards) return std::nullopt;
    for (unsigned shard = 0; shard < layout.shards; ++shard) {
        if (seen.sets.find(set_name(of, family, shard))->second != layout.shard_size) return std::nullopt;
        if (of.effect == Effect::bind && !seen.sets.contains(pairs_name(of, family, shard)))
            return std::nullopt;
    }
    return layout;
}

}  // namespace

FamilyLayout FamilyLayout::for_entries(std::uint64_t entries) {
    if (entries <= most_in_one_set)
        return {1, static_cast<std::uint32_t>(std::max<std::uint64_t>(entries, 256))};
    const std::uint64_t each = (entries + most_shards - 1) / most_shards;
    return {most_shards, static_cast<std::uint32_t>(each + each / 8)};
}

std::string set_name(const NftClass& of, IpFamily family, unsigned shard) {
    return family_text(of, family) + shard_text(shard);
}

std::string pairs_name(const NftClass& of, IpFamily family, unsigned shard) {
    return family_text(of, family) + 'p' + shard_text(shard);
}

std::string dispatch_name(const NftClass& of, IpFamily family, Side side) {
    return family_text(of, family) + static_cast<char>(side);
}

std::string chain_name(const NftClass& of, IpFamily family, Side side, unsigned shard) {
    return dispatch_name(of, family, side) + shard_text(shard);
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
    const auto v4 = family_layout(of, IpFamily::v4, seen);
    const auto v6 = family_layout(of, IpFamily::v6, seen);
    if (!v4 || !v6) return std::nullopt;
    return Layout{*v4, *v6};
}

}  // namespace garita::nft_classes
