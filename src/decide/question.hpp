#pragma once
// Which question of a case an answer was meant for, where it may come long after the question was put.

#include <cstdint>

#include "model/case.hpp"

namespace garita::decide {

/// A case asks anew after each decision, so its last one names the question. 0: there is none yet.
[[nodiscard]] inline std::int64_t last_decision(const Case& about) {
    return about.decision ? about.decision->id.value : 0;
}

/// Whether the case still waits for the answer that it waited for after that decision.
[[nodiscard]] inline bool still_asks(const Case& about, std::int64_t after_decision) {
    return about.state == CaseState::open && last_decision(about) == after_decision;
}

}  // namespace garita::decide
