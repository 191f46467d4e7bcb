#pragma once
// How the entries of a class are spread over sets, and what all that is called. The kernel's list of one set
// takes time by the square of its size, so large classes lie in several sets; an address's hash says in
// which.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/nft_classes/nft_class.hpp"
#include "model/ip.hpp"

namespace garita::nft_classes {

inline constexpr unsigned most_shards = 32;

struct FamilyLayout {
    unsigned shards = 1;
    std::uint32_t shard_size = 0;  ///< elements
    friend bool operator==(const FamilyLayout&, const FamilyLayout&) = default;

    /// With room for so many, spread as hashes are.
    [[nodiscard]] static FamilyLayout for_entries(std::uint64_t entries);
    [[nodiscard]] std::uint64_t capacity() const { return std::uint64_t{shards} * shard_size; }
};

struct Layout {
    FamilyLayout v4;
    FamilyLayout v6;
    friend bool operator==(const Layout&, const Layout&) = default;
    [[nodiscard]] const FamilyLayout& of(IpFamily family) const { return family == IpFamily::v4 ? v4 : v6; }
    [[nodiscard]] FamilyLayout& of(IpFamily family) { return family == IpFamily::v4 ? v4 : v6; }
};

inline constexpr std::array<IpFamily, 2> families{IpFamily::v4, IpFamily::v6};

/// Which of an address's packets: those that come from it, or go to it.
enum class Side : char { source = 's', destination = 'd' };

/// "inet_access.4.03": the entries of one shard.
[[nodiscard]] std::string set_name(const NftClass& of, IpFamily family, unsigned shard);
/// "mac_ip.4p.03": its pairs of address and MAC address.
[[nodiscard]] std::string pairs_name(const NftClass& of, IpFamily family, unsigned shard);
/// "inet_access.4s": from shard number to chain.
[[nodiscard]] std::string dispatch_name(const NftClass& of, IpFamily family, Side side);
/// "inet_access.4s.03": the rules for one shard.
[[nodiscard]] std::string chain_name(const NftClass& of, IpFamily family, Side side, unsigned shard);
/// The sides that its rules look at.
[[nodiscard]] std::vector<Side> sides(Effect effect);

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
