#pragma once
// How far an open case has gone through the steps of on call, and who takes care of it.

#include <optional>

#include "model/person.hpp"
#include "model/time.hpp"

namespace garita {

/// "I take it": so long nobody further is told. It decides nothing.
struct Acknowledgement {
    Actor by;
    Time at{};
    Time until{};
    bool over = false;  ///< its time has run out, and that was recorded
    friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};

struct Duty {
    int step = 0;       ///< those named in a step up to this one are told; 0: nobody has been yet
    Time reached_at{};  ///< when that step was
    Duration held{0};   ///< for how long acknowledgements before the last one held the steps back
    std::optional<Acknowledgement> taken;  ///< the last one; stays when it is over

    [[nodiscard]] bool is_blank() const { return step == 0 && held == Duration{0} && !taken; }
    friend bool operator==(const Duty&, const Duty&) = default;
};

}  // namespace garita
