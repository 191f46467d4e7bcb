#include "fakes/memory_port_book.hpp"

namespace garita::fakes {
namespace {

MemoryState& of(store::View& view) {
    return dynamic_cast<MemoryTransaction&>(view).state();
}

}  // namespace

std::vector<HostPorts> MemoryPortBook::hosts(store::View& view) {
    std::vector<HostPorts> all;
    for (const auto& [host, row] : of(view).port_hosts)
        all.push_back(row);
    return all;
}

std::optional<HostPorts> MemoryPortBook::find(store::View& view, std::string_view host) {
    const auto& hosts = of(view).port_hosts;
    const auto found = hosts.find(host);
    return found == hosts.end() ? std::nullopt : std::optional(found->second);
}

std::vector<PortEvent> MemoryPortBook::history(store::View& view, std::string_view host, std::size_t limit) {
    std::vector<PortEvent> found;
    const auto& events = of(view).port_events;
    for (auto event = events.rbegin(); event != events.rend() && found.size() < limit; ++event)
        if (event->host == host) found.push_back(*event);
    return found;
}

void MemoryPortBook::put(store::Transaction& transaction, const HostPorts& host) {
    of(transaction).port_hosts[host.host] = host;
}

void MemoryPortBook::remove(store::Transaction& transaction, std::string_view host) {
    auto& hosts = of(transaction).port_hosts;
    if (const auto found = hosts.find(host); found != hosts.end()) hosts.erase(found);
}

void MemoryPortBook::add(store::Transaction& transaction, const PortEvent& event) {
    of(transaction).port_events.push_back(event);
}

std::size_t MemoryPortBook::prune(store::Transaction& transaction, Time before, std::size_t limit) {
    std::size_t gone = 0;
    std::erase_if(of(transaction).port_events,
                  [&](const PortEvent& event) { return event.at < before && gone < limit && ++gone > 0; });
    return gone;
}

}  // namespace garita::fakes
