#pragma once
// The pipes of Garita's own: one for each rate that is in use, found again by what ipfw lists.

#include <cstdint>
#include <map>
#include <optional>

#include "adapters/ipfw/program.hpp"
#include "model/rule_class.hpp"

namespace garita::ipfw {

class Pipes {
  public:
    Pipes(const Settings& settings, Program& program) : settings_(settings), program_(program) {}

    /// Learns what is there.
    [[nodiscard]] Result<void> read();
    /// The number of the pipe with this rate; makes it. full: no number is free.
    [[nodiscard]] Result<std::uint32_t> with(const BitRate& rate);
    /// As of the last read().
    [[nodiscard]] std::optional<BitRate> rate_of(std::uint32_t pipe) const;
    [[nodiscard]] Result<void> remove_all();

  private:
    const Settings& settings_;
    Program& program_;
    std::map<std::uint64_t, std::uint16_t> by_rate_;
    std::map<std::uint32_t, std::uint64_t> by_number_;
    enum class Known { no, yes } known_ = Known::no;
};

}  // namespace garita::ipfw
