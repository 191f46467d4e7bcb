#pragma once
// A notification of Alertmanager becomes alerts, and the end of what it told before.

#include <cstddef>

#include "adapters/alertmanager/webhook.hpp"
#include "store/store.hpp"

namespace garita::alertmanager {

struct Taken {
    std::size_t accepted = 0;
    std::size_t duplicates = 0;
    std::size_t ended = 0;  ///< cases that show now that it is over
};

/// Within the transaction. A case that nobody has answered is closed when its alert is resolved; every one
/// gets the fact "over". Fails with `unavailable`, to be sent again, where an alert that has ended is not a
/// case yet.
[[nodiscard]] Result<Taken> take_in(store::Transaction& transaction, const Webhook& webhook, Time now);

}  // namespace garita::alertmanager
