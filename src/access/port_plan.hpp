#pragma once
// From what a port is like to the changes that let exactly one more address in.

#include <optional>
#include <vector>

#include <tl/expected.hpp>

#include "access/port_checks.hpp"
#include "access/port_journal.hpp"

namespace garita::access {

struct PortPlan {
    PortJournal journal;                  ///< no changes: it is so already
    std::vector<std::string> warnings{};  ///< keys of the catalogue
    Facts facts{};                        ///< of these and of what is told: "replaced", "moved_from"
};

/// `here`: the port that the device was seen at. `elsewhere`: the other ports of this switch that let it in,
/// each with facts; all of them may be touched.
struct Elsewhere {
    SecuredMac entry;
    PortFacts facts;
};
[[nodiscard]] tl::expected<PortPlan, Objection> plan_to_secure(const PortFacts& here, const MacAddress& mac,
                                                               const std::vector<Elsewhere>& elsewhere);
/// Out of all of these.
[[nodiscard]] PortPlan plan_to_release(const std::vector<Elsewhere>& ports);

}  // namespace garita::access
