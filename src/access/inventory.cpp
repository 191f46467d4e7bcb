#include "access/inventory.hpp"

#include <algorithm>

namespace garita::access {
namespace {

/// Longer ones are nobody's.
constexpr std::size_t longest_host = 255;

bool holds(const std::vector<IpNetwork>& networks, const IpAddress& address) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const IpNetwork& network) { return network.contains(address); });
}

/// As DNS compares names.
std::string folded(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    std::string text(host);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

}  // namespace

Inventory::Inventory(const std::vector<ListedSwitch>& switches, std::vector<IpNetwork> excluded,
                     std::vector<IpNetwork> relays)
    : excluded_(std::move(excluded)), relays_(std::move(relays)) {
    for (const auto& one : switches) {
        if (is_excluded(one.address)) continue;
        const auto index = names_.size();
        names_.push_back(one.name);
        add(one.name, index);
        add(one.address.text(), index);
        for (const auto& alias : one.aliases)
            add(alias, index);
    }
}

void Inventory::add(std::string_view host, std::size_t index) {
    const auto join = [index](auto& map, const auto& key) {
        const auto [place, is_new] = map.try_emplace(key, index);
        if (!is_new && place->second != index) place->second.reset();
    };
    if (const auto address = IpAddress::parse(host))
        join(addresses_, *address);
    else
        join(hosts_, folded(host));
}

bool Inventory::is_excluded(const IpAddress& address) const {
    return holds(excluded_, address);
}

bool Inventory::is_excluded(std::string_view host) const {
    const auto address = IpAddress::parse(host);
    return address && is_excluded(*address);
}

std::string_view Inventory::at(const IpAddress& address) const {
    if (is_excluded(address)) return {};
    const auto found = addresses_.find(address);
    return found != addresses_.end() && found->second ? std::string_view(names_[*found->second])
                                                      : std::string_view{};
}

std::string_view Inventory::called(std::string_view host) const {
    if (host.empty() || host.size() > longest_host) return {};
    if (const auto address = IpAddress::parse(host)) return at(*address);
    const auto found = hosts_.find(folded(host));
    return found != hosts_.end() && found->second ? std::string_view(names_[*found->second])
                                                  : std::string_view{};
}

std::string_view Inventory::by_sender(const IpAddress& sender, const PortEvent& event) const {
    if (is_excluded(sender)) return {};
    if (const auto name = at(sender); !name.empty()) return name;
    if (!holds(relays_, sender)) return {};
    return by_host(event.relayed, event);
}

std::string_view Inventory::by_host(std::string_view host, const PortEvent& event) const {
    if (is_excluded(host)) return {};
    if (const auto name = called(host); !name.empty()) return name;
    return is_excluded(event.origin_id) ? std::string_view{} : called(event.origin_id);
}

}  // namespace garita::access
