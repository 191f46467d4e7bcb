#pragma once
// The few nftables expressions that Garita's rules are made of, written into a rule message.

#include "adapters/nftables/layer.hpp"

struct nlmsghdr;

namespace garita::nftables {

/// iif "lo" accept
void put_loopback_expressions(nlmsghdr* rule);
/// [meta nfproto F] SADDR [& MASK] @SET counter drop
void put_layer_expressions(nlmsghdr* rule, const Layer& layer);

}  // namespace garita::nftables
