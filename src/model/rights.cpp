#include "model/rights.hpp"

#include <algorithm>
#include <array>

namespace garita {
namespace {

constexpr std::array table = {
    RightRow{
        Right::see,
        "see cases, rules, devices, policies, requests for access; have a SIEM asked anew about an incident",
        Role::viewer},
    RightRow{Right::answer,
             "allow, nothing, close a connection, block an address, keep a policy observing, move a SIEM's "
             "incident, take a case on",
             Role::operator_},
    RightRow{Right::change_rules, "set and unset blocks by hand", Role::operator_},
    RightRow{Right::count_undo, "count what an undo would take back", Role::operator_},
    RightRow{Right::end_access, "end a request for access, ask for a report by mail", Role::operator_},
    RightRow{Right::answer_dangerous, "reboot, power off, block a wide network", Role::approver},
    RightRow{Right::block_wide, "set a wide block by hand", Role::approver},
    RightRow{Right::confirm, "confirm a wide block", Role::approver},
    RightRow{Right::resume_policy, "let a suspended policy act again", Role::approver},
    RightRow{Right::undo, "take back what a policy did", Role::approver},
    RightRow{Right::read_audit, "read the audit trail", Role::approver},
    RightRow{Right::approve_access, "approve a device at a switch port", Role::approver},
    RightRow{Right::raise_alerts, "raise alerts by hand", Role::administrator},
    RightRow{Right::admit_agents, "let agents in, and shut them out", Role::administrator},
};

}  // namespace

std::span<const RightRow> rights() {
    return table;
}

Role role_needed(Right right) {
    const auto* const row =
        std::find_if(table.begin(), table.end(), [&](const RightRow& one) { return one.right == right; });
    return row == table.end() ? Role::administrator : row->role;
}

}  // namespace garita
