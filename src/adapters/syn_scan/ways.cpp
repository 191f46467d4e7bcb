#include "adapters/syn_scan/ways.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <tuple>
#include <utility>

namespace garita::syn_scan {

namespace {

constexpr const char* own_address = "an address of this host itself: the connect engine can ask it";

/// Collects links and paths that are used more than once.
class Finder {
  public:
    explicit Finder(Ways& ways) : ways_(ways) {}

    /// An error is about this target alone.
    [[nodiscard]] Result<void> add(std::uint32_t target, const IpAddress& address, const Route& route) {
        const auto link = link_of(route.interface);
        if (!link) return tl::unexpected(link.error());
        Way& way = ways_.ways[target];
        way.path = path_of(*link, route.own);
        way.sum = ways_.paths[way.path].syn.target_sum(address);
        if (route.gateway) ways_.reach = Ways::Reach::far;
        if (ways_.links[*link].asks_neighbours)
            ways_.neighbours.want({*link, route.gateway.value_or(address)}, target);
        else
            ways_.at_once.push_back(target);
        return {};
    }

  private:
    Result<std::uint32_t> link_of(int index) {
        const auto known = links_.find(index);
        if (known != links_.end()) return known->second;
        auto found = interface_of(index);
        if (!found) return tl::unexpected(found.error());
        ways_.links.push_back(std::move(*found));
        return links_[index] = static_cast<std::uint32_t>(ways_.links.size() - 1);
    }
    std::uint32_t path_of(std::uint32_t link, const IpAddress& own) {
        const auto [place, is_new] =
            paths_.try_emplace({link, own}, static_cast<std::uint32_t>(ways_.paths.size()));
        if (is_new) {
            const Interface& interface = ways_.links[link];
            ways_.paths.push_back({link, own, SynTemplate(own, interface.header, interface.mac)});
        }
        return place->second;
    }

    Ways& ways_;
    std::map<int, std::uint32_t> links_;
    std::map<std::pair<std::uint32_t, IpAddress>, std::uint32_t> paths_;
};

}  // namespace

Result<Ways> Ways::find(const std::vector<scan::Target>& targets, const CookieKey& key) {
    auto routes = Routes::open();
    if (!routes) return tl::unexpected(routes.error());
    Ways ways;
    ways.ways.resize(targets.size());
    Finder finder(ways);
    for (std::uint32_t target = 0; target < targets.size(); ++target) {
        const IpAddress& address = targets[target].address;
        ways.ways[target].cookie = key_of(key, address);
        const auto route = routes->to(address);
        if (!route) return tl::unexpected(route.error());
        if (route->kind == Route::Kind::own) {
            ways.hindered.push_back({target, own_address});
        } else if (route->kind == Route::Kind::none) {
            ways.hindered.push_back({target, route->why});
        } else if (const auto added = finder.add(target, address, *route); !added) {
            ways.hindered.push_back({target, added.error().text});
        }
    }
    return ways;
}

AddressIndex::AddressIndex(const std::vector<scan::Target>& targets)
    : targets_(&targets), slots_(std::bit_ceil(targets.size() * 2 + 2)), mask_(slots_.size() - 1) {
    for (std::uint32_t i = 0; i < targets.size(); ++i) {
        std::size_t at = slot(targets[i].address);
        while (slots_[at] != 0)
            at = (at + 1) & mask_;
        slots_[at] = i + 1;
    }
}

std::size_t AddressIndex::slot(const IpAddress& address) const {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), address.bytes().data(), sizeof words);
    std::uint64_t hash = (words[0] ^ std::rotl(words[1], 29)) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
    return static_cast<std::size_t>(hash * 0xd6e8feb86659fd93ULL >> 32) & mask_;
}

std::optional<std::uint32_t> AddressIndex::find(const IpAddress& address) const {
    for (std::size_t at = slot(address); slots_[at] != 0; at = (at + 1) & mask_) {
        const std::uint32_t target = slots_[at] - 1;
        if ((*targets_)[target].address == address) return target;
    }
    return std::nullopt;
}

}  // namespace garita::syn_scan
