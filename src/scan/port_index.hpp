#pragma once
// The ports of a set by number, and the number of a port: what boards of states are addressed by.

#include <cstdint>
#include <optional>
#include <vector>

#include "model/port_set.hpp"

namespace garita::scan {

class PortIndex {
  public:
    explicit PortIndex(const PortSet& ports);

    [[nodiscard]] std::uint32_t size() const { return size_; }
    /// `number` below size().
    [[nodiscard]] Port at(std::uint32_t number) const;
    [[nodiscard]] std::optional<std::uint32_t> number_of(Port port) const;

  private:
    struct Run {
        Port first;
        Port last;
        std::uint32_t number;  ///< of `first`
    };
    std::vector<Run> runs_;
    std::uint32_t size_ = 0;
};

}  // namespace garita::scan
