#pragma once
// Whom this host must never block, asked again just before each block.

#include <functional>
#include <vector>

#include "enforce/local_network.hpp"
#include "model/protected_set.hpp"
#include "model/result.hpp"

namespace garita::enforce {

class ProtectionSource {
  public:
    ProtectionSource() = default;
    ProtectionSource(const ProtectionSource&) = delete;
    ProtectionSource& operator=(const ProtectionSource&) = delete;
    virtual ~ProtectionSource() = default;
    [[nodiscard]] virtual Result<ProtectedSet> protected_now() = 0;
};

/// The host's own networks as they are now, those of its configuration, and the hub's addresses.
class HostProtection final : public ProtectionSource {
  public:
    using HubAddresses = std::function<std::vector<IpAddress>()>;
    /// `local` outlives it. `hub` may be empty; it answers from what it knows, without asking a name server.
    HostProtection(LocalNetworks& local, std::vector<IpNetwork> configured, HubAddresses hub)
        : local_(local), configured_(std::move(configured)), hub_(std::move(hub)) {}

    Result<ProtectedSet> protected_now() override;

  private:
    LocalNetworks& local_;
    std::vector<IpNetwork> configured_;
    HubAddresses hub_;
};

[[nodiscard]] std::string_view in_words(LocalRole role);

}  // namespace garita::enforce
