#pragma once
// Where on a machine rules lie: a set, a table, an interface's traffic in one direction. One place holds
// rules of one name; with two each would take away what the other puts there.

#include <map>
#include <string>
#include <string_view>

#include "runtime/config/rule_check.hpp"

namespace garita::runtime {

class RulePlaces {
  public:
    /// Takes the places of these rules on this machine, and tells of each that others have already. `whose`
    /// is how those are told of them.
    void take(const std::string& machine, RuleCheck& rules, const std::string& name,
              const std::string& whose);

  private:
    [[nodiscard]] const std::string* first_of(const std::string& place, const std::string& whose);
    void take_traffic(const std::string& machine, RuleCheck& rules, const std::string& name,
                      const std::string& whose);
    void take_table(const std::string& machine, RuleCheck& rules, const std::string& name,
                    const std::string& whose);

    std::map<std::string, std::string, std::less<>> taken_;  ///< whose each is
};

/// What speeds limit: "receives" or "sends", as said or by the name of a ready class; empty: neither tells.
[[nodiscard]] std::string_view direction_of_rules(std::string_view name, std::string_view said);

}  // namespace garita::runtime
