#pragma once
// Ids of different things are different types: a CaseId cannot be passed where a RuleId is wanted.

#include <compare>
#include <cstdint>

namespace garita {

template <typename Tag>
struct Id {
    std::int64_t value = 0;  ///< 0: not stored yet
    friend constexpr auto operator<=>(Id, Id) = default;
    explicit constexpr operator bool() const { return value != 0; }
};

using AlertId = Id<struct AlertTag>;
using CaseId = Id<struct CaseTag>;
using DecisionId = Id<struct DecisionTag>;
using ActionId = Id<struct ActionTag>;
using RuleId = Id<struct RuleTag>;
using AccessId = Id<struct AccessTag>;  ///< of a request for access

}  // namespace garita
