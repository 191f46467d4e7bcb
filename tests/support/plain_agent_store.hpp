#pragma once
// A small agent store for the tests of what stands on it. `broken` makes calls fail while it is set,
// `restart` does what opening a real one again does.

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "store/agent_store.hpp"

namespace garita::tests {

class PlainAgentStore : public store::AgentStore {
  public:
    int full_reads = 0;
    std::optional<Error> broken;

    Result<void> push_alerts(const std::vector<Alert>&, std::size_t) override { return {}; }
    Result<std::vector<Alert>> oldest_alerts(std::size_t) override { return std::vector<Alert>{}; }
    Result<void> remove_alerts(const std::vector<AlertId>&) override { return {}; }
    Result<store::SpoolCounts> spool_counts() override { return store::SpoolCounts{}; }

    Result<void> hold_rules(const std::vector<Rule>& changes, std::int64_t up_to_seq) override {
        const std::lock_guard lock(mutex_);
        if (broken) return tl::unexpected(*broken);
        for (const auto& rule : changes) {
            if (rule.desired)
                rules_[{rule.name, rule.params}] = {rule.name, rule.params, *rule.desired, rule.expires_at,
                                                    rule.seq};
            else
                rules_.erase({rule.name, rule.params});
        }
        seq_ = up_to_seq;
        return {};
    }
    Result<void> replace_rules(const std::vector<Rule>& all, std::int64_t up_to_seq) override {
        {
            const std::lock_guard lock(mutex_);
            rules_.clear();
        }
        return hold_rules(all, up_to_seq);
    }
    Result<std::vector<HeldRule>> held_rules() override {
        const std::lock_guard lock(mutex_);
        if (broken) return tl::unexpected(*broken);
        ++full_reads;
        std::vector<HeldRule> all;
        for (const auto& [key, rule] : rules_)
            all.push_back(rule);
        return all;
    }
    Result<std::int64_t> rules_seq() override {
        const std::lock_guard lock(mutex_);
        if (broken) return tl::unexpected(*broken);
        return seq_;
    }
    Result<std::size_t> forget_expired_rules(Time now) override {
        const std::lock_guard lock(mutex_);
        return std::erase_if(rules_, [&](const auto& item) {
            return item.second.expires_at && *item.second.expires_at <= now;
        });
    }

    Result<bool> begin_action(ActionId id, Time) override {
        const std::lock_guard lock(mutex_);
        if (broken) return tl::unexpected(*broken);
        return actions_.emplace(id, store::ActionReport{id, ActionState::pending, {}}).second;
    }
    Result<void> finish_action(const store::ActionReport& report, Time) override {
        const std::lock_guard lock(mutex_);
        if (broken) return tl::unexpected(*broken);
        actions_[report.id] = report;
        return {};
    }
    Result<std::vector<store::ActionReport>> unreported_actions() override {
        const std::lock_guard lock(mutex_);
        std::vector<store::ActionReport> found;
        for (const auto& [id, report] : actions_)
            if (!acknowledged_.contains(id) && report.state != ActionState::pending) found.push_back(report);
        return found;
    }
    Result<void> acknowledge_actions(const std::vector<ActionId>& ids) override {
        const std::lock_guard lock(mutex_);
        acknowledged_.insert(ids.begin(), ids.end());
        return {};
    }
    Result<void> forget_actions() override {
        const std::lock_guard lock(mutex_);
        actions_.clear();
        acknowledged_.clear();
        return {};
    }
    /// What a store does when it is opened again: begun and never finished counts as failed.
    void restart() {
        for (auto& [id, report] : actions_)
            if (report.state == ActionState::pending)
                report = {id, ActionState::failed, "the agent stopped before it had a result"};
    }

    Result<void> hold_head(const store::HeldHead&) override { return {}; }
    Result<std::vector<store::HeldHead>> held_heads() override { return std::vector<store::HeldHead>{}; }

    Result<std::optional<std::string>> value(std::string_view) override {
        return std::optional<std::string>{};
    }
    Result<void> set_value(std::string_view, std::string_view) override { return {}; }
    Result<void> push_alerts_and_value(const std::vector<Alert>&, std::size_t, std::string_view,
                                       std::string_view) override {
        return {};
    }

  private:
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, HeldRule> rules_;
    std::int64_t seq_ = 0;
    std::map<ActionId, store::ActionReport> actions_;
    std::set<ActionId> acknowledged_;
};

}  // namespace garita::tests
