#pragma once
// Policies that have done too much and only observe now, until a person lets them act again.

#include <string>
#include <string_view>
#include <vector>

#include "decide/rate_caps.hpp"
#include "store/store.hpp"

namespace garita::decide {

inline constexpr std::string_view runaway_kind = "runaway_policy";
/// The device of cases about the hub's own policies.
inline constexpr std::string_view hub_device = "hub";

struct Suspension {
    std::string policy;  ///< policy_name()
    Time since{};
    Time run_began{};  ///< what it did from here on is its run
    CaseId case_id;    ///< where people are asked about it
};

/// All of them, in the order in which it happened.
[[nodiscard]] std::vector<Suspension> suspensions(store::View& view);

/// Suspends it and opens the case that asks people; the suspension as kept.
Suspension suspend(store::Transaction& transaction, const Runaway& runaway, Time now);

/// Lets it act again; what it did before counts no longer. False: it was not suspended.
bool lift_suspension(store::Transaction& transaction, std::string_view policy, Time now);

/// When it was last let act again, the epoch where it never was.
[[nodiscard]] Time resumed_at(store::View& view, std::string_view policy);

}  // namespace garita::decide
