#pragma once
// Which silent ports are worth a late question: few, and where an answer was to be expected.

#include <cstdint>
#include <span>
#include <vector>

#include "scan/cell.hpp"
#include "scan/port_index.hpp"

namespace garita::scan {

/// Over the board of a scan that is judged. Two kinds are chosen: the silent ports of a target that answers
/// at nearly all others, and silent ports that are open at other targets. Whoever drops most of what comes
/// has a firewall and is believed.
class LateChoice {
  public:
    struct Target {
        std::uint32_t set = 0;  ///< of its ports: place in `sets`
        std::span<const Cell> cells;
    };
    struct Silent {
        std::uint32_t target;
        std::uint32_t number;  ///< of the port
        std::uint32_t before;  ///< chosen of this target before it
    };

    LateChoice(std::span<const PortIndex> sets, std::span<const Target> targets);

    /// At most `most`; those of targets that answer otherwise come first.
    [[nodiscard]] std::vector<Silent> choose(std::size_t most);

  private:
    struct Counts {
        std::uint32_t silent = 0;
        std::uint32_t answered = 0;
    };
    [[nodiscard]] static Counts counts_of(std::span<const Cell> cells);
    [[nodiscard]] const std::vector<Port>& ports_of(std::uint32_t set);
    [[nodiscard]] bool few_silent(std::uint32_t target) const;
    [[nodiscard]] bool may_hide_one(std::uint32_t target) const;
    void tally();
    [[nodiscard]] bool usually_open(Port port) const;

    std::span<const PortIndex> sets_;
    std::span<const Target> targets_;
    std::vector<Counts> counts_;  ///< by target
    std::vector<std::uint32_t> open_at_;
    std::vector<std::uint32_t> silent_at_;  ///< by port: at how many targets
    std::vector<Port> ports_;               ///< of ports_set_
    std::uint32_t ports_set_ = UINT32_MAX;
};

}  // namespace garita::scan
