#pragma once
// What every store writes about bulk changes of rules in the same words.

#include <charconv>
#include <string>
#include <string_view>

#include "model/audit.hpp"
#include "store/device_rules.hpp"

namespace garita::store {

/// Of rules whose end has come.
inline constexpr std::string_view expiry_author = "expiry";

[[nodiscard]] inline Lane lane_of(const RuleChanges& changes) {
    return changes.lane.value_or(changes.wishes.size() > quick_wishes ? Lane::bulk : Lane::quick);
}

/// "border1 inet_access", "5 kinds of rules".
[[nodiscard]] inline std::string what_of(const RuleChanges& changes) {
    if (changes.targets.size() == 1) return changes.targets[0].device + ' ' + changes.targets[0].rules;
    return std::to_string(changes.targets.size()) + " kinds of rules";
}

[[nodiscard]] inline AuditEntry audit_of(const RuleChanges& changes, std::int64_t changed, Time now) {
    AuditEntry entry;
    entry.at = now;
    entry.actor = changes.by;
    entry.verb = "rules_changed";
    entry.object = "rules " + what_of(changes);
    entry.detail = std::to_string(changed) + " of " + std::to_string(changes.wishes.size()) + " changed";
    if (!changes.comment.empty()) entry.detail += ": " + changes.comment;
    return entry;
}

/// Under which an idempotency key is kept: each actor has keys of its own.
[[nodiscard]] inline std::string scope_of(const RuleChanges& changes) {
    return "device rules " + changes.by.name;
}

[[nodiscard]] inline std::string outcome_text(const ChangesOutcome& outcome) {
    return std::to_string(outcome.changed) + ' ' + std::to_string(outcome.unchanged);
}

/// Of a request that was carried out before.
[[nodiscard]] inline ChangesOutcome read_outcome(std::string_view text) {
    ChangesOutcome outcome;
    outcome.repeated = ChangesOutcome::Repeated::yes;
    const auto* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, outcome.changed);
    if (first.ptr != end) (void)std::from_chars(first.ptr + 1, end, outcome.unchanged);
    return outcome;
}

}  // namespace garita::store
