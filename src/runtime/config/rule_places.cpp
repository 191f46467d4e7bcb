#include "runtime/config/rule_places.hpp"

#include <algorithm>
#include <set>

#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {
namespace {

constexpr std::string_view usual_folder = "/sys/fs/bpf/garita";

std::string option(const RuleCheck& rules, std::string_view name) {
    return at(rules.node(), "options." + std::string(name)).scalar;
}

/// As a backend calls what nobody gave a `table`.
std::string table_of(const RuleCheck& rules, const std::string& name) {
    const auto backend = rules.text("backend");
    std::string table(rules.text("table"));
    if (table.empty()) {
        table = name;
        if (backend == "ipset" || backend == "iptables") table = "garita-" + name;
        if (backend == "ipfw") table = "garita_" + name;
    }
    if (backend == "ipfw") std::replace(table.begin(), table.end(), '-', '_');
    return table;
}

/// Each once.
std::set<std::string> interfaces_of(const RuleCheck& rules) {
    const auto names = names_in(option(rules, "interface"));
    return {names.begin(), names.end()};
}

}  // namespace

std::string_view direction_of_rules(std::string_view name, std::string_view said) {
    if (said == "receives" || (said.empty() && name == "shaping_in")) return "receives";
    if (said == "sends" || (said.empty() && name == "shaping_out")) return "sends";
    return {};
}

/// Null: it was nobody's until now.
const std::string* RulePlaces::first_of(const std::string& place, const std::string& whose) {
    const auto [at, is_new] = taken_.try_emplace(place, whose);
    return is_new ? nullptr : &at->second;
}

void RulePlaces::take_traffic(const std::string& machine, RuleCheck& rules, const std::string& name,
                              const std::string& whose) {
    const std::string backend(rules.text("backend"));
    const std::string direction(direction_of_rules(name, option(rules, "direction")));
    if (direction.empty()) return;  // told elsewhere
    for (const auto& interface : interfaces_of(rules)) {
        std::string place = machine;
        for (const auto& part : {backend, interface, direction})
            place.append(" ").append(part);
        if (const auto* first = first_of(place, whose))
            rules.error("options",
                        "what subscribers at " + shown(interface) +
                            (direction == "sends" ? " send" : " receive") + " is limited by " + *first +
                            " already, by " + backend + " too",
                        "one name of rules for each interface and direction");
    }
}

void RulePlaces::take_table(const std::string& machine, RuleCheck& rules, const std::string& name,
                            const std::string& whose) {
    const std::string backend(rules.text("backend"));
    std::string place = machine + " " + backend + " " + table_of(rules, name);
    for (const char* key : {"in", "program"})
        place.append(" ").append(option(rules, key));
    if (backend == "limiter") {
        const auto folder = option(rules, "folder");
        place.append(" ").append(folder.empty() ? usual_folder : std::string_view(folder));
    }
    if (const auto* first = first_of(place, whose))
        rules.error("table", "lies where " + *first + " lies, on the same machine", "a `table` of its own");
}

void RulePlaces::take(const std::string& machine, RuleCheck& rules, const std::string& name,
                      const std::string& whose) {
    const auto backend = rules.text("backend");
    if (backend.empty() || backend == "command") return;  // the configured programs know
    if (backend == "limiter" || backend == "tc") take_traffic(machine, rules, name, whose);
    if (backend != "tc") take_table(machine, rules, name, whose);
}

}  // namespace garita::runtime
