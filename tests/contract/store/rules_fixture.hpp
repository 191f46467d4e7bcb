#pragma once
// Rules of devices as the store keeps them, for the tests of the contract.

#include "contract/store_contract.hpp"

namespace garita::store::contract {

inline std::vector<std::string> params(const std::vector<Rule>& rules) {
    std::vector<std::string> all;
    for (const auto& rule : rules)
        all.push_back(rule.params);
    return all;
}

using Params = std::vector<std::string>;

class StoreRules : public StoreContract {
  protected:
    std::optional<Rule> change(const RuleChange& wish, int now = 1) {
        std::optional<Rule> stored;
        write([&](Transaction& tx) { stored = tx.change_rule(wish, at(now)); });
        return stored;
    }
    static RuleChange everywhere(RuleChange wish) {
        wish.scope = RuleScope::everywhere;
        return wish;
    }
    std::size_t inherit(const std::string& device, int now) {
        std::size_t count = 0;
        write([&](Transaction& tx) { count = tx.inherit_rules(device, at(now)); });
        return count;
    }
    std::vector<CaseId> confirm(const std::string& device, std::int64_t up_to,
                                const std::vector<FailedRule>& failed = {}, std::int64_t cut = 0) {
        std::vector<CaseId> cases;
        write([&](Transaction& tx) { cases = tx.confirm_rules(device, up_to, failed, cut, at(500)); });
        return cases;
    }
    std::vector<Rule> all(const RuleQuery& query = {}) {
        std::vector<Rule> rules;
        read([&](View& view) { rules = view.rules(query); });
        return rules;
    }
    Progress progress(CaseId id) {
        Progress found;
        read([&](View& view) { found = view.progress(id); });
        return found;
    }
};

}  // namespace garita::store::contract
