#pragma once
// A store with rules of configured classes, and short words for what is done with them.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "contract/store_contract.hpp"

namespace garita::store::contract {

inline RuleKey key(int n) {
    RuleKey made;
    EXPECT_TRUE(made.append(std::vector<std::uint8_t>{4, 192, 0, static_cast<std::uint8_t>(n >> 8),
                                                      static_cast<std::uint8_t>(n)}));
    return made;
}

inline RuleValue value(const std::string& text) {
    RuleValue made;
    EXPECT_TRUE(made.append(std::vector<std::uint8_t>(text.begin(), text.end())));
    return made;
}

inline std::string text(const std::optional<RuleValue>& value) {
    return value ? std::string(value->bytes().begin(), value->bytes().end()) : "-";
}

inline const RuleTarget access{"border1", "inet_access"};
inline const RuleTarget speed{"border1", "shaping_in"};
inline const RuleTarget other{"border2", "inet_access"};

class StoreDeviceRules : public StoreContract {
  protected:
    StoreDeviceRules() : rules_(GetParam().device_rules(store())) {}

    static RuleChanges changes(std::vector<RuleTarget> targets = {access}) {
        RuleChanges made;
        made.targets = std::move(targets);
        made.by = {Actor::Kind::token, "billing", "rest", Role::operator_};
        return made;
    }
    ChangesOutcome carry_out(const RuleChanges& changes, int now = 1) {
        const auto done = rules_->change(changes, at(now));
        EXPECT_TRUE(done) << done.error().text;
        return done.value_or(ChangesOutcome{});
    }
    /// One wish; "-" for nothing.
    ChangesOutcome want(int n, const std::string& wanted, int now = 1, const RuleTarget& target = access) {
        auto one = changes({target});
        one.wishes = {{0, key(n), wanted == "-" ? std::nullopt : std::optional(value(wanted))}};
        return carry_out(one, now);
    }
    /// The first `count` keys with one value.
    ChangesOutcome want_many(int count, const std::string& wanted, std::optional<Lane> lane = std::nullopt) {
        auto many = changes();
        for (int n = 0; n < count; ++n)
            many.wishes.push_back({0, key(n), value(wanted)});
        many.lane = lane;
        return carry_out(many);
    }
    std::unique_ptr<ClassBook> book(const std::string& device = "border1") { return rules_->book(device); }
    std::vector<PendingRule> pending(Lane lane, std::int64_t after = 0, std::size_t limit = 100'000) {
        const auto found = book()->pending("inet_access", lane, after, limit);
        EXPECT_TRUE(found) << found.error().text;
        return found.value_or(std::vector<PendingRule>{});
    }
    std::int64_t last_seq(Lane lane) {
        const auto all = pending(lane);
        return all.empty() ? 0 : all.back().seq;
    }
    void record(Lane lane, std::int64_t up_to, const std::vector<RefusedRule>& refused = {}) {
        const auto done = book()->record("inet_access", lane, up_to, refused, at(100));
        ASSERT_TRUE(done) << done.error().text;
    }
    /// Everything of the lane as it is now.
    void record_all(Lane lane, const std::vector<RefusedRule>& refused = {}) {
        record(lane, last_seq(lane), refused);
    }
    std::vector<RefusedRule> refused() {
        const auto found = book()->refused("inet_access");
        EXPECT_TRUE(found);
        return found.value_or(std::vector<RefusedRule>{});
    }
    std::vector<DeviceRule> all(const DeviceRuleQuery& query = {}) {
        const auto page = rules_->list(query);
        EXPECT_TRUE(page) << page.error().text;
        return page ? page->rules : std::vector<DeviceRule>{};
    }
    /// "want current error" of one rule; "" where there is none.
    std::string shown(int n, const RuleTarget& target = access) {
        const auto found = all({.device = target.device, .rules = target.rules, .key = key(n)});
        EXPECT_LE(found.size(), 1U);
        if (found.empty()) return "";
        return text(found[0].want) + ' ' + text(found[0].current) +
               (found[0].error.empty() ? "" : ' ' + found[0].error);
    }
    std::map<RuleKey, std::string> wanted() {
        std::map<RuleKey, std::string> found;
        const auto last = book()->wanted("inet_access", [&](const RuleKey& one, const RuleValue& want) {
            EXPECT_TRUE(found.emplace(one, text(want)).second) << "twice";
        });
        EXPECT_TRUE(last);
        wanted_seq_ = last.value_or(-1);
        return found;
    }
    ClassCounts counts(const RuleTarget& target = access) {
        const auto found = rules_->counts();
        EXPECT_TRUE(found);
        for (const auto& one : *found)
            if (one.target == target) return one;
        return {};
    }

    std::unique_ptr<DeviceRules> rules_;
    std::int64_t wanted_seq_ = 0;
};

}  // namespace garita::store::contract
