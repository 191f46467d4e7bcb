// Any bytes as a file of the specification, as PortSpec's file, and as a row's difference. Invariants:
// nothing is thrown; what is imported can be read; what is written of one host is read again as it was meant,
// and all other hosts stay as they were.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "model/host_ports.hpp"
#include "runtime/config/port_config.hpp"
#include "runtime/config/portspec_import.hpp"

namespace {

using namespace garita;

void require(bool condition) {
    if (!condition) std::abort();
}

/// A change of one service is read back as it was meant.
void change_services(std::string_view text, const std::string& host, const WrittenPorts& written) {
    for (const auto& [port, service] : written.services) {
        const std::string digest(64, 'c');
        SpecificationChange change;
        if (service.certificate)
            change.certificates.emplace(port, digest);
        else
            change.banners.emplace(port, "a\\\"*?");
        const auto changed = runtime::with_change(text, host, change);
        if (!changed) continue;
        WrittenSpecification after;
        require(runtime::read_specification(*changed, "f.yml", after).has_value());
        for (const auto& [other, now] : after.hosts) {
            if (other != host) continue;
            const auto& found = now.services.at(port);
            require(service.certificate ? found.certificate->sha256 == digest : found.banner == "a\\\"*?");
        }
    }
}

void change(std::string_view text, const WrittenSpecification& before) {
    const PortSet must = PortSet::of(22, 25);
    for (const auto& [host, written] : before.hosts) {
        change_services(text, host, written);
        const auto changed = runtime::with_change(text, host, {must, {}, {}, {}});
        if (!changed) continue;
        WrittenSpecification after;
        require(runtime::read_specification(*changed, "f.yml", after).has_value());
        require(after.hosts.size() == before.hosts.size());
        for (std::size_t i = 0; i < after.hosts.size(); ++i) {
            require(after.hosts[i].first == before.hosts[i].first);
            require(after.hosts[i].second.must ==
                    (after.hosts[i].first == host ? std::optional(must) : before.hosts[i].second.must));
            require(after.hosts[i].second.may == before.hosts[i].second.may);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    WrittenSpecification written;
    if (runtime::read_specification(text, "f.yml", written) && written.hosts.size() < 32)
        change(text, written);
    if (const auto imported = runtime::import_portspec(text, "conf.yml")) require(!imported->text.empty());
    if (const auto difference = PortDifference::parse(text))
        require(PortDifference::parse(difference->text()) == difference);
    if (const auto services = parse_service_texts(text))
        require(parse_service_texts(to_text(*services)) == services);
    const auto half = text.substr(0, size / 2);
    if (matches_glob(half, text.substr(size / 2))) require(matches_glob("*", text));
    if (const auto host = host_spelling(text)) require(host_spelling(*host) == host);
    (void)parse_weekly_windows(text);
    return 0;
}
