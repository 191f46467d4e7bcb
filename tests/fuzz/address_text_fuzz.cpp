// Addresses and networks as people, logs and proxies write them, of mail too. Invariants: what was read is
// written in a form that is read as the same; a network holds what it says; X-Forwarded-For never names a
// listed proxy.

#include <string>

#include "adapters/linux_host/local_network.hpp"
#include "detect/forwarded_for.hpp"
#include "model/mail_identity.hpp"
#include "model/protected_set.hpp"
#include "runtime/tls/fingerprint.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

void check(const IpAddress& address) {
    must(IpAddress::parse(address.text()) == address);
    must(IpNetwork(address).is_host() && IpNetwork(address).contains(address));
}

void networks(std::string_view text) {
    if (const auto address = IpAddress::parse(text)) check(*address);
    const auto network = IpNetwork::parse(text);
    if (!network) return;
    must(IpNetwork::parse(network->text()) == network);
    must(network->contains(network->address()) && network->overlaps(*network));
    const IpNetwork wider(network->address(), network->prefix() / 2);
    must(wider.contains(*network));
    ProtectedSet set;
    set.add(*network, "fuzz");
    must(set.hit_by(*network).has_value() && set.hit_by(wider).has_value());
}

void forwarded(std::string_view text) {
    static const detect::TrustedProxies proxies(
        {*IpNetwork::parse("10.0.0.0/8"), *IpNetwork::parse("2001:db8::/32")});
    for (const auto* peer : {"10.0.0.1", "192.0.2.1", "2001:db8::1"})
        if (const auto client = proxies.client(*IpAddress::parse(peer), text)) {
            check(*client);
            must(!proxies.contains(*client));
        }
    if (const auto address = detect::scan_forwarded_address(text)) check(*address);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    networks(text);
    forwarded(text);
    if (const auto mail = parse_mail_address(text)) must(parse_mail_address(*mail) == mail);
    if (const auto key = parse_key_fingerprint(text)) must(parse_key_fingerprint(*key) == key);
    for (const auto& resolver : linux_host::parse_resolvers(text))
        check(resolver);
    if (const auto pin = runtime::tls::parse_fingerprint(text)) {
        const auto again = runtime::tls::parse_fingerprint(runtime::tls::to_text(*pin));
        must(again && *again == *pin);
    }
    return 0;
}
