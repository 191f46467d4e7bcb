#pragma once
// Certificates of foreign servers, as facts.

#include <cstddef>
#include <span>

#include "model/result.hpp"
#include "scan/service_probe.hpp"

namespace garita::service_probe {

/// DER, of anybody: nothing of it is verified, and all of it is bounded.
[[nodiscard]] Result<scan::Certificate> read_certificate(std::span<const unsigned char> der);

}  // namespace garita::service_probe
