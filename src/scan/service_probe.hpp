#pragma once
// What answers at an open port: its first words, and the certificate that it shows.

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "model/ip.hpp"
#include "model/port_set.hpp"
#include "model/time.hpp"

namespace garita::scan {

/// As it was shown; nobody has verified it. Texts are foreign: whoever shows them cleans them.
struct Certificate {
    std::string subject;             ///< "CN=web.example.org,O=Example"
    std::string issuer;              ///< the same form
    std::vector<std::string> names;  ///< alternative names: DNS names and addresses
    Time not_before{};
    Time not_after{};
    std::string sha256;  ///< of the whole certificate: 64 hexadecimal digits
};

struct ServiceQuestion {
    IpAddress address;
    Port port = 0;
    std::string name;  ///< by which it was meant, told to a TLS server; may be empty
};

struct ServiceFacts {
    std::string banner;  ///< raw bytes, not many; empty: it said nothing in time
    std::string tls;     ///< "TLSv1.3"; empty: no TLS spoken
    std::string plain;   ///< raw bytes that it said instead where it was greeted by TLS, not many
    std::optional<Certificate> certificate;
};

enum class Wanted : std::uint8_t { banner, certificate, both };

class ServiceProbe {
  public:
    ServiceProbe() = default;
    ServiceProbe(const ServiceProbe&) = delete;
    ServiceProbe& operator=(const ServiceProbe&) = delete;
    virtual ~ServiceProbe() = default;

    /// Facts for each question, in their order; of those not asked when stopped, none.
    virtual std::vector<ServiceFacts> ask(const std::vector<ServiceQuestion>& questions, Wanted wanted,
                                          std::stop_token stop) = 0;
};

}  // namespace garita::scan
