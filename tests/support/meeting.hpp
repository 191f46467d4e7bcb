#pragma once
// Two ends of a link that was made a moment ago.

#include <string>

#include "support/net_namespace.hpp"

namespace garita::testing_support {

/// Waits until `address` answers from `here`: the first question for a neighbour may go out before the other
/// end listens, and the next one a second later. False: it has not answered within some twenty seconds.
inline bool meets(const NetNamespace& here, const std::string& address) {
    return here.shell("for i in 1 2 3 4 5 6 7 8 9; do timeout 2 bash -c ': </dev/tcp/" + address +
                      "/9' 2>&1 | grep -q refused && exit 0; sleep 0.1; done; exit 1");
}

}  // namespace garita::testing_support
