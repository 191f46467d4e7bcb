#pragma once
// How our values are written as JSON, in one place: for the REST API, the command line's --json, the link
// between agent and hub, and nested columns of the stores.
//
// Times are ISO 8601 in UTC, spans are seconds, addresses and enumerations are their words, ids are numbers.
// What is empty is left out, but for a rule's desired and current value, which are null. Writing never fails:
// bytes that are not UTF-8 are replaced, and facts are cut to what reading accepts. Reading is strict, and
// tells the path of what is wrong: names of up to 128 bytes, printable; facts: 64 of up to 4 KiB.

#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "model/action.hpp"
#include "model/alert.hpp"
#include "model/audit.hpp"
#include "model/case.hpp"
#include "model/counts.hpp"
#include "model/device.hpp"
#include "model/result.hpp"
#include "model/rule.hpp"
#include "runtime/json/reader.hpp"

namespace garita::runtime::json {

[[nodiscard]] boost::json::value to_json(const Facts& facts);
[[nodiscard]] boost::json::value to_json(const Alert& alert);
[[nodiscard]] boost::json::value to_json(const Actor& actor);
[[nodiscard]] boost::json::value to_json(const Decision& decision);
[[nodiscard]] boost::json::value to_json(const Proposal& proposal);
[[nodiscard]] boost::json::value to_json(const Provisional& provisional);
[[nodiscard]] boost::json::value to_json(const Duty& duty);
[[nodiscard]] boost::json::value to_json(const Case& shown);
[[nodiscard]] boost::json::value to_json(const Progress& progress);
[[nodiscard]] boost::json::value to_json(const ActionOrder& order);
[[nodiscard]] boost::json::value to_json(const Action& action);
[[nodiscard]] boost::json::value to_json(const Rule& rule);
[[nodiscard]] boost::json::value to_json(const RuleChange& change);
[[nodiscard]] boost::json::value to_json(const HeldRule& rule);
[[nodiscard]] boost::json::value to_json(const Device& device);
[[nodiscard]] boost::json::value to_json(const AuditEntry& entry);
[[nodiscard]] boost::json::value to_json(const StoreCounts& counts);
[[nodiscard]] boost::json::value to_json(const std::vector<std::string>& texts);

template <typename T>
[[nodiscard]] boost::json::value to_json_list(const std::vector<T>& all) {
    boost::json::array list;
    list.reserve(all.size());
    for (const auto& one : all)
        list.push_back(to_json(one));
    return list;
}

// `where` is the path for errors; empty at the top of a document.
[[nodiscard]] Result<Facts> facts_from_json(const boost::json::value& value, std::string_view where = {});
[[nodiscard]] Result<Alert> alert_from_json(const boost::json::value& value, std::string_view where = {},
                                            Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Actor> actor_from_json(const boost::json::value& value, std::string_view where = {},
                                            Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Decision> decision_from_json(const boost::json::value& value,
                                                  std::string_view where = {},
                                                  Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Proposal> proposal_from_json(const boost::json::value& value,
                                                  std::string_view where = {},
                                                  Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Provisional> provisional_from_json(const boost::json::value& value,
                                                        std::string_view where = {},
                                                        Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Duty> duty_from_json(const boost::json::value& value, std::string_view where = {},
                                          Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Case> case_from_json(const boost::json::value& value, std::string_view where = {},
                                          Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Progress> progress_from_json(const boost::json::value& value,
                                                  std::string_view where = {},
                                                  Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<ActionOrder> order_from_json(const boost::json::value& value,
                                                  std::string_view where = {},
                                                  Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Action> action_from_json(const boost::json::value& value, std::string_view where = {},
                                              Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Rule> rule_from_json(const boost::json::value& value, std::string_view where = {},
                                          Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<RuleChange> rule_change_from_json(const boost::json::value& value,
                                                       std::string_view where = {},
                                                       Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<HeldRule> held_rule_from_json(const boost::json::value& value,
                                                   std::string_view where = {},
                                                   Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<Device> device_from_json(const boost::json::value& value, std::string_view where = {},
                                              Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<AuditEntry> audit_entry_from_json(const boost::json::value& value,
                                                       std::string_view where = {},
                                                       Unknown unknown = Unknown::refuse);
[[nodiscard]] Result<StoreCounts> counts_from_json(const boost::json::value& value,
                                                   std::string_view where = {},
                                                   Unknown unknown = Unknown::refuse);

}  // namespace garita::runtime::json
