#pragma once
// Asks services behind open TCP ports for their first words and their certificate.

#include "model/time.hpp"
#include "scan/service_probe.hpp"

namespace garita::service_probe {

struct Limits {
    std::size_t at_once = 200;  ///< connections
    Duration connecting = std::chrono::seconds{3};
    Duration silence =
        std::chrono::milliseconds{1500};        ///< before a silent service is asked for its web page
    Duration answer = std::chrono::seconds{3};  ///< to that, or to a TLS greeting
    std::size_t longest_banner = 256;           ///< bytes
};

/// Unprivileged; one thread, the caller's, and one poll over all connections. A service that says nothing by
/// itself is asked "HEAD / HTTP/1.0": most silent ones are web servers. Certificates are read, not verified.
class OpenServices final : public scan::ServiceProbe {
  public:
    explicit OpenServices(Limits limits = {}) : limits_(limits) {}
    std::vector<scan::ServiceFacts> ask(const std::vector<scan::ServiceQuestion>& questions,
                                        scan::Wanted wanted, std::stop_token stop) override;

  private:
    Limits limits_;
};

}  // namespace garita::service_probe
