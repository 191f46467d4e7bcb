#pragma once
// What is kept about open ports: how each host stands, and what became of it. In the same transactions as
// cases and alerts, so that whoever is told and what was found never part.

#include <optional>
#include <string_view>
#include <vector>

#include "model/host_ports.hpp"
#include "store/store.hpp"

namespace garita::store {

/// Beside one store: the View or Transaction has to be that store's own. tests/contract/store.
class PortBook {
  public:
    PortBook() = default;
    PortBook(const PortBook&) = delete;
    PortBook& operator=(const PortBook&) = delete;
    virtual ~PortBook() = default;

    virtual std::vector<HostPorts> hosts(View& view) = 0;  ///< by name
    virtual std::optional<HostPorts> find(View& view, std::string_view host) = 0;
    virtual std::vector<PortEvent> history(View& view, std::string_view host,
                                           std::size_t limit) = 0;  ///< newest first

    virtual void put(Transaction& transaction, const HostPorts& host) = 0;  ///< by name
    virtual void remove(Transaction& transaction, std::string_view host) = 0;
    virtual void add(Transaction& transaction, const PortEvent& event) = 0;
    /// Forgets older events, at most `limit` a call; returns how many.
    virtual std::size_t prune(Transaction& transaction, Time before, std::size_t limit) = 0;
};

}  // namespace garita::store
