#pragma once
// How old a signature may be: who has caught a genuine letter shall not have it work next month.

#include <optional>

#include "model/time.hpp"

namespace garita::mail_proof {

struct Window {
    Duration oldest = std::chrono::hours{24};
    Duration ahead = std::chrono::minutes{10};  ///< of clocks that go differently

    [[nodiscard]] bool holds(Time at, Time now) const { return at >= now - oldest && at <= now + ahead; }
};

}  // namespace garita::mail_proof
