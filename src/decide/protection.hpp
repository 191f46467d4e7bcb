#pragma once
// Whom a decision reaches, and whom it must never hit, as things stand at this moment.

#include <string>
#include <vector>

#include "decide/desk_options.hpp"
#include "decide/refusal.hpp"
#include "model/protected_set.hpp"
#include "store/store.hpp"

namespace garita::decide {

/// A person's own SSH session, somewhere.
struct LiveLogin {
    std::string device;
    std::string person;
    Login login;
};

struct Surroundings {
    std::vector<std::string> devices;  ///< all that enforce
    ProtectedSet protected_networks;
    std::vector<LiveLogin> logins;  ///< of the configured people

    [[nodiscard]] bool knows(std::string_view device) const;
};

/// `hub`: what options.hub_networks returned, asked before the store was (it may take its time).
[[nodiscard]] Surroundings look_around(store::View& view, const DeskOptions& options,
                                       const std::vector<ProtectedNetwork>& hub);

/// What nobody may have blocked: the hub's, the configuration's, and every device's own.
[[nodiscard]] std::vector<ProtectedNetwork> protected_everywhere(const std::vector<Device>& devices,
                                                                 const DeskOptions& options,
                                                                 const std::vector<ProtectedNetwork>& hub);

/// Until when nobody is asked again about what this case is about, because of how it was answered; nothing
/// where the answer says no such thing.
[[nodiscard]] std::optional<Time> quiet_until(const Case& about, const DeskOptions& options);

[[nodiscard]] std::vector<ProtectedNetwork> hub_networks(const DeskOptions& options);

/// Why blocking this network is refused: too wide, or it would hit a protected one, or the person who asks
/// for it (`from`).
[[nodiscard]] std::optional<Refusal> refuse_block(const IpNetwork& network, const DeskOptions& options,
                                                  const ProtectedSet& set,
                                                  const std::optional<IpAddress>& from);

/// Why blocking this network is refused: it would cut off a person who is logged in. `about`: a login that
/// the block is the answer to does not protect itself.
[[nodiscard]] std::optional<Refusal> refuse_cutting_off(const IpNetwork& network, const Surroundings& around,
                                                        const Case* about);

/// The block in force at `now` on this device that already covers the network, if one does. Networks around
/// it are looked for at every IPv4 length, and for IPv6 at /64 and every fourth length above.
[[nodiscard]] std::optional<Rule> block_covering(store::View& view, std::string_view device,
                                                 const IpNetwork& network, Time now);

}  // namespace garita::decide
