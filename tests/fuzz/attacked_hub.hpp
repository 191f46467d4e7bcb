#pragma once
// What a hub of the fuzz targets knows from the start: one host, and one address that attacks it.

#include "store/store.hpp"
#include "target.hpp"

namespace garita::fuzz {

inline constexpr Time attacked_at{std::chrono::hours(500'000)};

/// The host web1, and an alert about 192.0.2.7 at `attacked_at`, not filed yet.
inline void add_attack(store::Transaction& transaction, Device web1 = {}) {
    web1.name = "web1";
    transaction.put_device(web1);
    Alert alert;
    alert.uid = "1";
    alert.device = "web1";
    alert.kind = "http_errors";
    alert.subject = "192.0.2.7";
    alert.address = IpNetwork::parse("192.0.2.7");
    alert.at = attacked_at;
    must(transaction.add_alert(alert).has_value());
}

}  // namespace garita::fuzz
