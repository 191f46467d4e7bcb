#pragma once
// How blocked networks lie in the kernel: one hash set for each family and prefix length in use. A packet's
// source is cut to that length and looked up. Compared with one interval set this lets networks be nested
// with times of their own, which the kernel's interval sets refuse; adding stays constant time; and no kernel
// has to compare intervals.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "model/ip.hpp"

namespace garita::nftables {

/// All networks of one family with one prefix length.
struct Layer {
    IpFamily family = IpFamily::v4;
    unsigned prefix = 32;
    friend constexpr auto operator<=>(const Layer&, const Layer&) = default;

    [[nodiscard]] static Layer of(const IpNetwork& network) {
        return {network.address().family(), network.prefix()};
    }
    [[nodiscard]] constexpr unsigned address_bits() const { return family == IpFamily::v4 ? 32 : 128; }
    [[nodiscard]] constexpr std::size_t key_size() const { return address_bits() / 8; }
    [[nodiscard]] constexpr bool is_hosts() const { return prefix == address_bits(); }
};

/// "blocked4", "blocked6_net64"
[[nodiscard]] std::string set_name(const Layer& layer);
/// Nothing for a name that Garita does not give.
[[nodiscard]] std::optional<Layer> layer_of_set(std::string_view name);

}  // namespace garita::nftables
