#pragma once
// What this host lets itself be told to do, whatever the hub says. It comes from this host's own
// configuration and from nowhere else.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "model/ip.hpp"
#include "model/protected_set.hpp"
#include "model/response.hpp"

namespace garita::enforce {

struct Ceiling {
    /// Of block, close_connection, reboot and power_off.
    std::set<Response> responses = {Response::block, Response::close_connection, Response::reboot,
                                    Response::power_off};
    unsigned widest_v4 = 16;  ///< prefix length of the widest network that may be blocked
    unsigned widest_v6 = 32;
    std::uint64_t blocks_in_force = 1'000'000;
    std::uint32_t blocks_per_minute = 0;  ///< 0: no limit

    /// Why this response is refused; nothing where it is allowed.
    [[nodiscard]] std::optional<std::string> refuses(Response response) const;
    /// The same for blocking this network; says nothing about how many there are already.
    [[nodiscard]] std::optional<std::string> refuses(const IpNetwork& network) const;
};

/// Why this host does not block the network: its ceiling, or what it protects. The reconciler asks before it
/// sends, the enforcing part once more before the kernel.
[[nodiscard]] std::optional<std::string> refuse_block(const IpNetwork& network, const Ceiling& ceiling,
                                                      const ProtectedSet& protected_networks);

/// "refused by this host's own ceiling: …"
[[nodiscard]] std::string refused_by_ceiling(std::string_view why);

}  // namespace garita::enforce
