#pragma once
// The enforcing half of an agent on a device in memory and a clock that the test moves.

#include <gtest/gtest.h>

#include "enforce/action_runner.hpp"
#include "enforce/reconciler.hpp"
#include "fakes/memory_host.hpp"
#include "fakes/memory_rule_backend.hpp"
#include "support/plain_agent_store.hpp"

namespace garita::tests {

/// Keeps what was reported, as hub_link does.
class KeptReport final : public enforce::RuleReportSink {
  public:
    enforce::RuleReport last;
    std::string trouble;
    std::uint64_t cut = 0;
    int reports = 0;
    void report(const enforce::RuleReport& report) override {
        ++reports;
        trouble = report.trouble;
        if (!report.trouble.empty()) return;
        last = report;
        cut += report.connections_cut;
    }
};

struct Post {
    explicit Post(std::string device_name = "web1") : name(std::move(device_name)) { start(); }

    std::string name;
    PlainAgentStore store;
    fakes::MemoryRuleBackend kernel;
    fakes::MemoryHostControl host;
    fakes::FixedLocalNetworks local;
    enforce::HostProtection protection{local, {}, {}};
    enforce::ReconcilerOptions options;
    enforce::RuleInbox rules;
    enforce::ActionInbox actions;
    KeptReport report;
    std::optional<enforce::Reconciler> reconciler;
    std::optional<enforce::ActionRunner> runner;

    /// The program starts (again): all that is in memory is new.
    void start() {
        (void)rules.take();
        while (actions.take()) {
        }
        report.last = {};
        reconciler.emplace(enforce::Reconciler::World{store, kernel, protection, rules, report}, options);
        runner.emplace(store, host, actions, nullptr);
    }
    /// As hub_link does it: first the store, then the short way.
    void deliver(const std::vector<Rule>& changes, std::int64_t up_to_seq) {
        const auto before = store.rules_seq();
        ASSERT_TRUE(before);
        ASSERT_TRUE(store.hold_rules(changes, up_to_seq));
        rules.offer({*before, up_to_seq, changes});
    }
    void run(Worker& worker, Time now) {
        for (int i = 0; i < 1000; ++i) {
            const auto wait = worker.step(now);
            ASSERT_TRUE(wait) << wait.error().text;
            if (*wait > Duration::zero()) return;
        }
        FAIL() << worker.name() << " never comes to rest";
    }
    void reconcile(Time now) { run(*reconciler, now); }
    void act(Time now) { run(*runner, now); }
};

inline Rule block_of(std::string_view text, std::int64_t seq, std::optional<Time> expires_at = {}) {
    Rule rule;
    rule.name = block_rule;
    rule.params = text;
    rule.desired = std::string(block_value);
    rule.expires_at = expires_at;
    rule.seq = seq;
    return rule;
}
inline Rule unblock_of(std::string_view text, std::int64_t seq) {
    Rule rule = block_of(text, seq);
    rule.desired.reset();
    return rule;
}

}  // namespace garita::tests
