#include "model/forbidden_target.hpp"

#include <algorithm>
#include <array>

namespace garita {

bool is_forbidden_target(const IpAddress& address) {
    static const std::array forbidden = {
        *IpNetwork::parse("169.254.0.0/16"),  // AWS, Azure, Google and most others: 169.254.169.254
        *IpNetwork::parse("fe80::/10"),
        *IpNetwork::parse("100.100.100.200"),      // Alibaba
        *IpNetwork::parse("168.63.129.16"),        // Azure
        *IpNetwork::parse("fd00:ec2::/32"),        // AWS
        *IpNetwork::parse("fd20:ce::254"),         // Google
        *IpNetwork::parse("64:ff9b::a9fe:0/112"),  // the first, by NAT64
    };
    return std::any_of(forbidden.begin(), forbidden.end(),
                       [&](const IpNetwork& one) { return one.contains(address); });
}

}  // namespace garita
