#pragma once
// What is kept about open ports, in the memory store beside all else.

#include "fakes/memory_transaction.hpp"
#include "store/port_book.hpp"

namespace garita::fakes {

class MemoryPortBook final : public store::PortBook {
  public:
    std::vector<HostPorts> hosts(store::View& view) override;
    std::optional<HostPorts> find(store::View& view, std::string_view host) override;
    std::vector<PortEvent> history(store::View& view, std::string_view host, std::size_t limit) override;
    void put(store::Transaction& transaction, const HostPorts& host) override;
    void remove(store::Transaction& transaction, std::string_view host) override;
    void add(store::Transaction& transaction, const PortEvent& event) override;
    std::size_t prune(store::Transaction& transaction, Time before, std::size_t limit) override;
};

}  // namespace garita::fakes
