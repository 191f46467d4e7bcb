#pragma once
// When somebody wants to be left alone, by the clock on his wall, but for what is severe.

#include <array>
#include <chrono>
#include <functional>
#include <optional>

#include "model/alert.hpp"
#include "model/time.hpp"

namespace garita::decide {

/// Default: none.
struct QuietHours {
    std::chrono::minutes from{0};  ///< of the local day
    std::chrono::minutes to{0};    ///< before `from`: of the next day; the same: there are none
    /// Monday first: on which days they begin.
    std::array<bool, 7> days{true, true, true, true, true, true, true};
    Severity below = Severity::critical;  ///< what is as severe comes through
    /// What the zone's clock is ahead of UTC; empty: nothing.
    std::function<std::chrono::seconds(Time)> offset{};

    [[nodiscard]] bool cover(Time at) const;
    /// When those that hold at this time end; nothing: none do. Asked again after a change of the clock, the
    /// answer is the same.
    [[nodiscard]] std::optional<Time> end_after(Time at) const;
    /// A case of this severity is held back.
    [[nodiscard]] bool hold(Severity severity, Time at) const { return severity < below && cover(at); }
};

}  // namespace garita::decide
