#pragma once
// Who really asked, when the line's address is a reverse proxy or a CDN of ours.

#include <optional>
#include <string_view>
#include <vector>

#include "model/ip.hpp"

namespace garita::detect {

/// Networks of the proxies that are believed about whom they speak for. A listed proxy is never the offender.
class TrustedProxies {
  public:
    TrustedProxies() = default;
    explicit TrustedProxies(std::vector<IpNetwork> networks) : networks_(std::move(networks)) {}

    [[nodiscard]] bool empty() const { return networks_.empty(); }
    [[nodiscard]] bool contains(const IpAddress& address) const;

    /// The offender behind `peer`: the peer itself where it is not listed; else the right-most address of the
    /// X-Forwarded-For list that is not listed, because everything left of it is only what that address
    /// claimed. Nothing where the list is empty, names only proxies, or has something unreadable before such
    /// an address.
    [[nodiscard]] std::optional<IpAddress> client(const IpAddress& peer,
                                                  std::string_view forwarded_for) const;

  private:
    std::vector<IpNetwork> networks_;
};

/// An element of X-Forwarded-For: an address, also "192.0.2.1:1234", "[2001:db8::1]" and
/// "[2001:db8::1]:1234".
[[nodiscard]] std::optional<IpAddress> scan_forwarded_address(std::string_view text);

}  // namespace garita::detect
