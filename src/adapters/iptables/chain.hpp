#pragma once
// One entry as a line of iptables, and a chain as its save program tells it: pure functions.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/iptables/settings.hpp"
#include "model/rule_class.hpp"

namespace garita::iptables {

/// Between entries of a class and what stands behind "-A CHAIN ".
class RuleText {
  public:
    /// Which packets an entry hits, and what becomes of them: of a word the target of the settings; of a mark
    /// it is set; of a MAC address, packets from any other are dropped. The error says what cannot be.
    [[nodiscard]] static Result<RuleText> make(RuleClass rules, const Settings& settings);

    [[nodiscard]] const RuleClass& rules() const { return rules_; }
    /// 4 or 6, and the rule. An Error: a network of everything, or bytes of another class.
    [[nodiscard]] Result<std::pair<unsigned, std::string>> write(const RuleKey& key,
                                                                 const RuleValue& value) const;
    /// Which family's chain the key belongs to, as write() does.
    [[nodiscard]] Result<unsigned> family(const RuleKey& key) const;
    /// Nothing: it is no rule of this kind.
    [[nodiscard]] std::optional<std::pair<RuleKey, RuleValue>> read(std::string_view rule) const;

  private:
    RuleText(RuleClass rules, const Settings& settings) : rules_(std::move(rules)), settings_(settings) {}
    [[nodiscard]] Result<IpNetwork> network_of(const RuleKey& key) const;
    [[nodiscard]] std::optional<RuleValue> value_in(const std::vector<std::string_view>& words) const;

    RuleClass rules_;
    Settings settings_;
    std::optional<RuleValue> present_;
};

/// What stands in the chain, and whether anything leads there.
struct Chain {
    bool exists = false;
    bool reached = false;            ///< `from` jumps there
    std::vector<std::string> rules;  ///< in their order, without "-A CHAIN "
};

/// From what iptables-save says of the table.
[[nodiscard]] Chain parse_saved(std::string_view saved, const Settings& settings);

}  // namespace garita::iptables
