// A process killed at any moment: what it had acknowledged is there, and nothing is half there.

#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <unistd.h>

#include <sys/wait.h>

#include "model/audit_proof.hpp"
#include "runtime/audit/audit_hash.hpp"
#include "support/numbered_alert.hpp"
#include "unit/adapters/sqlite/support.hpp"

namespace garita::sqlite {
namespace {

/// Tells the parent, through the pipe, each number that is durable.
using Acknowledge = std::function<void(int)>;

/// Runs `work` in a child until it has been killed after a while; returns the last number acknowledged.
int last_before_kill(const std::function<void(const Acknowledge&)>& work,
                     std::chrono::milliseconds lifetime) {
    int ends[2];
    if (::pipe(ends) != 0) return -1;
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        work([&](int number) {
            if (::write(ends[1], &number, sizeof number) != sizeof number) ::_exit(1);
        });
        ::_exit(0);
    }
    ::close(ends[1]);
    int number = -1;
    int last = -1;
    // it lives from its first acknowledgement on, so that a slow machine kills it in the middle too
    if (::read(ends[0], &number, sizeof number) == sizeof number) last = number;
    ::usleep(static_cast<useconds_t>(lifetime.count() * 1000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    while (::read(ends[0], &number, sizeof number) == sizeof number)
        last = number;
    ::close(ends[0]);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
    return last;
}

using KilledStore = SqliteTest;

/// Each write holds three rows that belong together.
void write_for_ever(SqliteStore& store, int first, const Acknowledge& acknowledge) {
    for (int n = first;; ++n) {
        const auto done = store.write([&](store::Transaction& tx) -> Result<void> {
            tx.add_alert(support::alert_number(n));
            RuleChange wish;
            wish.device = "web1";
            wish.name = "block";
            wish.params = std::to_string(n);
            wish.desired = "drop";
            (void)tx.change_rule(wish, from_micros(1));
            tx.set_value("last", std::to_string(n));
            tx.add_audit({0, from_micros(1), {}, "rule_set", std::to_string(n), ""});
            return {};
        });
        if (!done) return;
        acknowledge(n);
    }
}

TEST_F(KilledStore, OfAHubHasEveryAcknowledgedWriteWhole) {
    int first = 0;
    for (const int lifetime : {5, 40, 90, 150}) {
        const int last = last_before_kill(
            [&](const Acknowledge& acknowledge) { write_for_ever(*open_hub(), first, acknowledge); },
            std::chrono::milliseconds{lifetime});
        ASSERT_GE(last, first);
        const auto store = open_hub();
        int stored = -1;
        AuditProof trail(runtime::audit::blake2b_256, {});
        std::size_t alerts = 0;
        std::vector<Rule> rules;
        ASSERT_TRUE(store->read([&](store::View& view) -> Result<void> {
            stored = std::stoi(view.value("last").value_or("-1"));
            alerts = view.unfiled_alerts(1'000'000).size();
            rules = view.rule_changes("web1", 0, 1'000'000);
            EXPECT_EQ(view.last_rule_seq("web1"), stored + 1);
            for (const auto& row : view.audit_rows({.limit = 1'000'000}))
                (void)trail.take(row);
            return {};
        }));
        EXPECT_GE(stored, last);
        const auto verdict = trail.finish();
        EXPECT_FALSE(verdict.fault) << verdict.fault->text;
        EXPECT_EQ(verdict.head.seq, stored + 1) << "one row with each write";
        EXPECT_LE(stored, last + 1) << "at most the one under way";
        EXPECT_EQ(alerts, static_cast<std::size_t>(stored) + 1);
        ASSERT_EQ(rules.size(), static_cast<std::size_t>(stored) + 1);
        for (std::size_t n = 0; n < rules.size(); ++n)
            ASSERT_EQ(rules[n].params, std::to_string(n));
        first = stored + 1;
    }
}

TEST_F(KilledStore, OfAnAgentHasEveryAcknowledgedWriteWhole) {
    int first = 0;
    for (const int lifetime : {5, 40, 90}) {
        const int last = last_before_kill(
            [&](const Acknowledge& acknowledge) {
                const auto store = open_agent();
                for (int n = first;; ++n) {
                    const auto alert = support::alert_number(n);
                    if (!store->push_alerts_and_value({alert}, 1'000'000, "last", alert.uid)) return;
                    if (store->begin_action(ActionId{n + 1}, from_micros(1)) != true) return;
                    acknowledge(n);
                }
            },
            std::chrono::milliseconds{lifetime});
        ASSERT_GE(last, first);
        const auto store = open_agent();
        const int stored = std::stoi(store->value("last")->value_or("-1"));
        EXPECT_GE(stored, last);
        EXPECT_LE(stored, last + 1);
        EXPECT_EQ(store->spool_counts()->waiting, stored + 1);
        for (int n = 0; n <= last; ++n)
            ASSERT_EQ(store->begin_action(ActionId{n + 1}, from_micros(1)), false) << n;
        // the child may have begun the action of `stored` or not; settle it for the next round
        ASSERT_TRUE(store->begin_action(ActionId{stored + 1}, from_micros(1)));
        first = stored + 1;
    }
}

}  // namespace
}  // namespace garita::sqlite
