// Certificates of foreign servers, DER. Invariants: what is told of one is bounded, and its hash is one.

#include <span>

#include "adapters/service_probe/certificate.hpp"
#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using garita::fuzz::must;
    const auto read = garita::service_probe::read_certificate(std::span(data, size));
    if (!read) {
        must(!read.error().text.empty());
        return 0;
    }
    must(read->sha256.size() == 64);
    must(read->subject.size() <= 512 && read->issuer.size() <= 512 && read->names.size() <= 256);
    for (const auto& name : read->names)
        must(!name.empty() && name.size() <= 512);
    static_cast<void>(garita::to_iso8601(read->not_after));
    return 0;
}
