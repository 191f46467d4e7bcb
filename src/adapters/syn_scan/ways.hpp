#pragma once
// The way to each target: interface, address to send from, and whose hardware address goes in front.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/syn_scan/cookie.hpp"
#include "adapters/syn_scan/frame.hpp"
#include "adapters/syn_scan/neighbours.hpp"
#include "adapters/syn_scan/routes.hpp"
#include "scan/engine.hpp"

namespace garita::syn_scan {

/// From one address of ours over one interface.
struct Path {
    std::uint32_t link = 0;  ///< place in Ways::links
    IpAddress own;
    SynTemplate syn;
};

struct Way {
    std::uint32_t path = 0;
    std::uint32_t sum = 0;  ///< SynTemplate::target_sum
    CookieKey cookie{};
    MacAddress mac{};
};

struct Ways {
    std::vector<Interface> links;
    std::vector<Path> paths;
    std::vector<Way> ways;  ///< one for each target
    struct Hindered {
        std::uint32_t target;
        std::string why;
    };
    std::vector<Hindered> hindered;                                     ///< no packet of ours can go there
    std::vector<std::uint32_t> at_once;                                 ///< need no neighbour
    Neighbours neighbours;                                              ///< the others wait for these
    enum class Reach : std::uint8_t { near, far } reach = Reach::near;  ///< far: some are behind a gateway

    /// Asks the kernel for each target.
    [[nodiscard]] static Result<Ways> find(const std::vector<scan::Target>& targets, const CookieKey& key);
};

/// Target by address, for each answer.
class AddressIndex {
  public:
    explicit AddressIndex(const std::vector<scan::Target>& targets);
    [[nodiscard]] std::optional<std::uint32_t> find(const IpAddress& address) const;

  private:
    [[nodiscard]] std::size_t slot(const IpAddress& address) const;
    const std::vector<scan::Target>* targets_;
    std::vector<std::uint32_t> slots_;  ///< target + 1; 0: free
    std::size_t mask_;
};

}  // namespace garita::syn_scan
