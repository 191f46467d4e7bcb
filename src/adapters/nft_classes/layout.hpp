#pragma once
// How the entries of a class are spread over sets, and what all that is called. The kernel's list of one set
// takes time by the square of its size, so large classes lie in several sets; a key's hash says in which.

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/nft_classes/keys.hpp"
#include "adapters/nft_classes/layer.hpp"

namespace garita::nft_classes {

/// The sets of one layer.
struct Spread {
    unsigned shards = 1;
    std::uint32_t shard_size = 0;  ///< elements
    friend bool operator==(const Spread&, const Spread&) = default;

    /// With room for so many, spread as hashes are. Where the administrator's own rules look them up, all lie
    /// in one set.
    [[nodiscard]] static Spread for_entries(const NftClass& of, std::uint64_t entries);
    [[nodiscard]] std::uint64_t capacity() const { return std::uint64_t{shards} * shard_size; }
    /// Hashes are uneven: some shards are full before all are.
    [[nodiscard]] bool is_enough_for(std::uint64_t entries) const { return entries * 8 <= capacity() * 7; }
};

/// Which layers there are, and their sets. A value type.
class Layout {
  public:
    struct Room {
        Layer layer;
        Spread spread;
        friend bool operator==(const Room&, const Room&) = default;
    };
    static constexpr unsigned most_shards = 64;

    /// Every layer of the class that is there always: of networks none.
    [[nodiscard]] static Layout fresh(const NftClass& of);

    void set(const Layer& layer, const Spread& spread);
    void erase(const Layer& layer);
    [[nodiscard]] std::span<const Room> rooms() const { return rooms_; }  ///< ordered by layer
    /// Nothing: there is no such layer.
    [[nodiscard]] const Room* find(const Layer& layer) const;
    /// Sets of entries, all in all; they are numbered in the order of their layers and shards.
    [[nodiscard]] std::size_t sets() const;
    /// Nothing: the key's layer is not there.
    [[nodiscard]] std::optional<unsigned> shard_of(const ElementKey& key) const;

    friend bool operator==(const Layout&, const Layout&) = default;

  private:
    std::vector<Room> rooms_;
};

/// Which of an address's packets: those that come from it, or go to it.
enum class Side : char { source = 's', destination = 'd' };

/// "inet_access.4.03": the entries of one shard.
[[nodiscard]] std::string set_name(const NftClass& of, const Layer& layer, unsigned shard);
/// "mac_ip.4p.03": its pairs of address and MAC address.
[[nodiscard]] std::string pairs_name(const NftClass& of, const Layer& layer, unsigned shard);
/// "inet_access.4s": from shard number to chain.
[[nodiscard]] std::string dispatch_name(const NftClass& of, const Layer& layer, Side side);
/// "inet_access.4s.03": the rules for one shard.
[[nodiscard]] std::string chain_name(const NftClass& of, const Layer& layer, Side side, unsigned shard);
/// "clients.4s": where networks of a family are looked up, the longest first.
[[nodiscard]] std::string walk_name(const NftClass& of, IpFamily family, Side side);
/// The sides that its rules look at.
[[nodiscard]] std::vector<Side> sides(Effect effect);

inline constexpr std::array<IpFamily, 2> families{IpFamily::v4, IpFamily::v6};

/// What of a class is in the kernel.
struct Seen {
    std::map<std::string, std::uint32_t, std::less<>> sets;               ///< their sizes; 0: none is set
    std::map<std::string, std::vector<std::string>, std::less<>> chains;  ///< their rules' comments
    [[nodiscard]] bool empty() const { return sets.empty() && chains.empty(); }
};

/// Whether a set or chain of this name belongs to the class.
[[nodiscard]] bool is_of(const NftClass& of, std::string_view name);
/// The layout of the sets that are there; nothing: they are not all there, or not as Garita makes them.
[[nodiscard]] std::optional<Layout> layout_of(const NftClass& of, const Seen& seen);

}  // namespace garita::nft_classes
