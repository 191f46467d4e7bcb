#include "scan/specification.hpp"

#include <algorithm>
#include <array>

namespace garita::scan {
namespace {

void join(std::vector<WeeklyWindow>& into, const std::vector<WeeklyWindow>& more) {
    into.insert(into.end(), more.begin(), more.end());
}

tl::unexpected<Error> wrong(const WrittenPorts& written, const std::string& about, const std::string& why) {
    return fail(ErrorCode::invalid, written.place.text().append(": ").append(about).append(" ").append(why));
}

Result<void> check_services(const WantedPorts& wanted, const std::string& host, const WrittenPorts& written) {
    for (const auto& [port, unused] : wanted.services)
        if (!(wanted.must | wanted.may).contains(port))
            return wrong(written, "host " + host,
                         "expects a service at port " + std::to_string(port) +
                             ", which is neither in `must` nor in `may`");
    return {};
}

Result<WantedPorts> wanted_of(const WrittenSpecification& whole, const std::string& host,
                              const WrittenPorts& written) {
    WantedPorts wanted;
    wanted.place = written.place;
    wanted.may = written.may;
    wanted.udp_must = written.udp_must;
    wanted.udp_may = written.udp_may;
    wanted.maintenance = whole.maintenance;
    wanted.services = written.services;
    join(wanted.maintenance, written.maintenance);
    std::optional<PortSet> scanports = written.scanports;
    std::optional<bool> ipv6 = written.ipv6;
    std::optional<std::string> from = written.from;
    bool said = written.must.has_value();
    if (said) wanted.must = *written.must;
    for (const auto& name : written.groups) {
        const auto found = whole.groups.find(name);
        if (found == whole.groups.end())
            return wrong(written, "host " + host, "is of group '" + name + "', which is not under `groups`");
        const WrittenPorts& group = found->second;
        if (group.must) wanted.group_must = wanted.group_must | *group.must;
        said = said || group.must;
        wanted.may = wanted.may | group.may;
        wanted.group_udp_must = wanted.group_udp_must | group.udp_must;
        wanted.udp_may = wanted.udp_may | group.udp_may;
        wanted.services.insert(group.services.begin(), group.services.end());
        join(wanted.maintenance, group.maintenance);
        if (!scanports) scanports = group.scanports;
        if (!ipv6) ipv6 = group.ipv6;
        if (!from) from = group.from;
    }
    wanted.from = from.value_or("");
    wanted.must = wanted.must | wanted.group_must;
    wanted.udp_must = wanted.udp_must | wanted.group_udp_must;
    if (!said)
        return wrong(written, "host " + host,
                     "has no `must`: list the ports that must be open, or [] where none may be open");
    if (const auto fine = check_services(wanted, host, written); !fine) return tl::unexpected(fine.error());
    wanted.scan = scanports.value_or(whole.scanports) | wanted.must | wanted.may;
    wanted.all_addresses = ipv6.value_or(whole.ipv6);
    return wanted;
}

IpAddress next(const IpAddress& address) {
    auto bytes = address.bytes();
    for (std::size_t i = address.size(); i-- > 0;)
        if (++bytes.at(i) != 0) break;
    if (address.is_v4()) return IpAddress::from_v4({bytes[0], bytes[1], bytes[2], bytes[3]});
    return IpAddress::from_v6(bytes);
}

std::size_t size_of(const IpNetwork& network) {
    return std::size_t{1} << (network.address().bits() - network.prefix());
}

bool is_excepted(const WrittenPorts& written, const IpAddress& address) {
    return std::any_of(written.except.begin(), written.except.end(),
                       [&](const IpNetwork& network) { return network.contains(address); });
}

}  // namespace

PortSet WantedPorts::service_ports() const {
    PortSet ports;
    for (const auto& [port, unused] : services)
        ports.insert(port);
    return ports;
}

std::string WantedPorts::text() const {
    std::string text;
    for (const auto* ports : {&must, &may, &scan, &udp_must, &udp_may})
        text += ports->text() + ';';
    for (const auto& [port, service] : services)
        text += std::to_string(port) + ' ' + service.words() + ';';
    return text;
}

WantedPorts WantedPorts::with(const PortDifference& accepted) const {
    WantedPorts changed = *this;
    changed.must = (must - accepted.missing) | accepted.unexpected;
    changed.may = may - accepted.missing;
    changed.udp_must = (udp_must - accepted.missing_udp) | accepted.unexpected_udp;
    changed.udp_may = udp_may | accepted.missing_udp;  // scanned still: it may come back
    changed.scan = scan | changed.must;
    for (const auto& [port, found] : accepted.services)
        if (const auto service = changed.services.find(port); service != changed.services.end())
            service->second = accepted_service(service->second, found);
    for (const auto port : accepted.missing.ports())
        if (!changed.may.contains(port)) changed.services.erase(port);
    return changed;
}

Result<void> Specification::add(Subject subject) {
    if (subjects_.size() >= most_subjects)
        return fail(ErrorCode::invalid, subject.wanted->place.text() + ": more than " +
                                            std::to_string(most_subjects) +
                                            " addresses altogether: name smaller networks");
    places_.emplace(subject.host, subjects_.size());
    subjects_.push_back(std::move(subject));
    return {};
}

Result<void> Specification::add_network(const std::string& name, const IpNetwork& network,
                                        const WrittenPorts& written,
                                        const std::shared_ptr<const WantedPorts>& wanted) {
    const bool is_v4 = network.address().is_v4();
    if (network.prefix() < (is_v4 ? widest_v4 : widest_v6))
        return wrong(written, "network " + name, "is too wide: /16 of IPv4 and /112 of IPv6 are the widest");
    const Entry entry{name, subjects_.size(), 0};
    const std::size_t size = size_of(network);
    const bool has_ends = is_v4 && size > 2;  // its own address and the broadcast are no hosts
    IpAddress address = network.address();
    for (std::size_t i = 0; i < size; ++i, address = next(address)) {
        if (has_ends && (i == 0 || i + 1 == size)) continue;
        if (is_excepted(written, address)) continue;
        auto host = address.text();
        if (places_.contains(host)) continue;
        if (const auto added = add({std::move(host), address, wanted, name}); !added) return added;
    }
    entries_.push_back({entry.name, entry.first, subjects_.size() - entry.first});
    return {};
}

Result<Specification> Specification::make(const WrittenSpecification& written) {
    Specification made;
    struct Network {
        IpNetwork network;
        const std::pair<std::string, WrittenPorts>* written;
        std::shared_ptr<const WantedPorts> wanted;
    };
    std::vector<Network> networks;
    for (const auto& host : written.hosts) {
        auto wanted = wanted_of(written, host.first, host.second);
        if (!wanted) return tl::unexpected(wanted.error());
        auto shared = std::make_shared<const WantedPorts>(std::move(*wanted));
        const auto network = IpNetwork::parse(host.first);
        if (network && !network->is_host()) {
            networks.push_back({*network, &host, std::move(shared)});
            continue;
        }
        made.entries_.push_back({host.first, made.subjects_.size(), 1});
        const auto added =
            made.add({host.first, IpAddress::parse(host.first), std::move(shared), std::string()});
        if (!added) return tl::unexpected(added.error());
    }
    std::stable_sort(networks.begin(), networks.end(), [](const Network& a, const Network& b) {
        return a.network.prefix() > b.network.prefix();
    });
    for (const auto& one : networks) {
        const auto added = made.add_network(one.written->first, one.network, one.written->second, one.wanted);
        if (!added) return tl::unexpected(added.error());
    }
    return made;
}

const Subject* Specification::find(std::string_view host) const {
    const auto found = places_.find(std::string(host));
    return found == places_.end() ? nullptr : &subjects_[found->second];
}

void Specification::replace(const Subject& subject, WantedPorts wanted) {
    const auto shared = std::make_shared<const WantedPorts>(std::move(wanted));
    const auto host = subject.host;
    const auto network = subject.network;
    for (auto& one : subjects_)
        if (network.empty() ? one.host == host : one.network == network) one.wanted = shared;
}

}  // namespace garita::scan
