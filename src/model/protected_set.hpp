#pragma once
// Networks that must never be blocked, and why each of them. Hub and agent ask the same question.

#include <map>
#include <optional>
#include <set>
#include <string>

#include "model/ip.hpp"

namespace garita {

class ProtectedSet {
  public:
    /// Holds loopback of both families and the unspecified address from the beginning.
    ProtectedSet();

    /// The first reason given for a network stays.
    void add(const IpNetwork& network, std::string why);

    struct Hit {
        IpNetwork network;
        std::string why;  ///< "gateway of web1"
    };
    /// What would be hit by blocking this network: a protected one that holds it, lies in it, or is it.
    /// Fast enough for a hundred thousand questions about a thousand protected networks.
    [[nodiscard]] std::optional<Hit> hit_by(const IpNetwork& network) const;

    friend bool operator==(const ProtectedSet&, const ProtectedSet&) = default;

  private:
    std::map<IpNetwork, std::string> networks_;
    std::set<unsigned> lengths_;  ///< the prefix lengths that occur, of both families
};

}  // namespace garita
