#pragma once
// What the reconciler of a device says about one class of its rules.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/packed.hpp"
#include "model/time.hpp"

namespace garita::enforce {

/// An entry that was not as it should have been.
struct DriftRow {
    RuleKey key;
    std::optional<RuleValue> should;  ///< nothing: nobody asked for it
    std::optional<RuleValue> was;     ///< nothing: it was missing
};

struct ClassStatus {
    std::string name;
    std::string trouble;  ///< empty: its last work succeeded
    std::size_t entries = 0;
    std::size_t foreign = 0;  ///< entries that nobody asked for, and that are left there
    std::size_t refused = 0;
    std::size_t to_repair = 0;
    std::uint64_t repaired = 0;  ///< since the start
    std::uint64_t rebuilds = 0;
    std::optional<Time> audited_at{};      ///< when all was read last
    std::uint64_t differing = 0;           ///< of that reading
    std::vector<DriftRow> found{};         ///< the first of them
    std::string not_repaired{};            ///< why one of them still is as it was
    std::optional<Time> refused_since{};   ///< the oldest refusal of those that still stand
    std::string why_refused{};             ///< that one's reason
    std::optional<Time> troubled_since{};  ///< trouble, refusals or what is not repaired, whichever is older
    enum class Tried : std::uint8_t { no, yes } tried = Tried::no;  ///< since the start
};

}  // namespace garita::enforce
