// The power fails while the hub's store works, and with it goes what the disk had not synced. What the store
// had acknowledged is there, whole.

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>

#include "adapters/sqlite/sqlite_store.hpp"
#include "model/audit_proof.hpp"
#include "runtime/audit/audit_hash.hpp"
#include "support/numbered_alert.hpp"
#include "unit/adapters/sqlite_power/power_cuts.hpp"

namespace garita::sqlite {
namespace {

constexpr int rounds = 3;
constexpr int writes_in_round = 700;
constexpr int cuts_of_each_kind = 5;
constexpr int losses_of_each_cut = 3;
constexpr int one_more = 1'000'000;

using HubCut = Cut<Numbers>;

std::unique_ptr<SqliteStore> open_in(const std::filesystem::path& directory) {
    auto opened = SqliteStore::open({.file = directory / "hub.db"});
    EXPECT_TRUE(opened) << opened.error().text;
    return opened ? std::move(*opened) : nullptr;
}

/// Three rows that belong together, large enough that the log is moved into the file soon.
Result<void> write_number(SqliteStore& store, int n) {
    return store.write([&](store::Transaction& tx) -> Result<void> {
        tx.add_alert(support::alert_number(n));
        RuleChange wish;
        wish.device = "web1";
        wish.name = "block";
        wish.params = std::to_string(n);
        wish.desired = "drop";
        wish.comment = std::string(1200, 'x');
        (void)tx.change_rule(wish, from_micros(1));
        tx.add_audit({0, from_micros(1), {}, "rule_set", std::to_string(n), ""});
        return {};
    });
}

/// Every write that the store has, if each is there whole and the audit trail proves it.
Numbers numbers_in(SqliteStore& store) {
    Numbers rules;
    Numbers alerts;
    Numbers told;
    AuditProof trail(runtime::audit::blake2b_256, {});
    EXPECT_TRUE(store.read([&](store::View& view) -> Result<void> {
        for (const auto& rule : view.rule_changes("web1", 0, 1'000'000))
            rules.insert(std::stoi(rule.params));
        for (const auto& alert : view.unfiled_alerts(1'000'000))
            alerts.insert(std::stoi(alert.uid));
        for (const auto& row : view.audit_rows({.limit = 1'000'000})) {
            (void)trail.take(row);
            told.insert(std::stoi(row.object));
        }
        return {};
    }));
    const auto verdict = trail.finish();
    EXPECT_FALSE(verdict.fault) << verdict.fault->text;
    EXPECT_EQ(rules, alerts);
    EXPECT_EQ(rules, told);
    return rules;
}

/// Several writers, whose writes are committed together.
std::vector<HubCut> write_from(const std::filesystem::path& directory, int first,
                               std::mt19937::result_type seed) {
    LosingDisk disk(directory);
    std::deque<std::atomic<bool>> acknowledged(writes_in_round);
    const auto promised = [&] {
        Numbers numbers;
        for (std::size_t i = 0; i < acknowledged.size(); ++i)
            if (acknowledged[i]) numbers.insert(first + static_cast<int>(i));
        return numbers;
    };
    const auto store = open_in(directory);
    if (!store) return {};
    Moments<Numbers> moments(disk, now_and_then(seed, cuts_of_each_kind), promised);
    std::atomic<int> next = 0;
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i)
        writers.emplace_back([&] {
            for (int n = next++; n < writes_in_round; n = next++)
                if (write_number(*store, first + n)) acknowledged[static_cast<std::size_t>(n)] = true;
        });
    for (auto& writer : writers)
        writer.join();
    EXPECT_EQ(promised().size(), static_cast<std::size_t>(writes_in_round));
    return moments.take();
}

/// What the store has that is opened after the cut; it goes on, and its file is sound.
Numbers found_after(const HubCut& cut, std::mt19937& random) {
    const auto left = cut.leave(random);
    Numbers found;
    if (const auto store = open_in(left->path())) {
        found = numbers_in(*store);
        EXPECT_TRUE(write_number(*store, one_more));
    }
    expect_undamaged(*left / "hub.db");
    return found;
}

bool has_all(const Numbers& found, const Numbers& wanted) {
    return std::includes(found.begin(), found.end(), wanted.begin(), wanted.end());
}

TEST(PowerCutOfAHub, LosesNothingThatWasAcknowledged) {
    auto directory = std::make_unique<support::TemporaryDirectory>();
    Numbers before;
    std::mt19937 random(20261122);
    int tried = 0;
    for (int round = 0; round < rounds; ++round) {
        const int first = before.empty() ? 0 : *before.rbegin() + 1;
        const auto cuts = write_from(directory->path(), first, random());
        ASSERT_GT(cuts.size(), static_cast<std::size_t>(cuts_of_each_kind)) << "within moves of the log too";
        for (const auto& cut : cuts)
            for (int i = 0; i < losses_of_each_cut; ++i) {
                SCOPED_TRACE("cut " + std::to_string(++tried));
                const auto found = found_after(cut, random);
                EXPECT_TRUE(has_all(found, cut.promised));
                EXPECT_TRUE(has_all(found, before));
            }
        // the next round begins with what the last cut left
        directory = cuts.back().leave(random);
        const auto store = open_in(directory->path());
        ASSERT_TRUE(store);
        before = numbers_in(*store);
    }
    std::printf("%d power cuts\n", tried);
}

TEST(PowerCutOfAHub, WhileTheFileIsMadeLeavesOneThatOpens) {
    const support::TemporaryDirectory directory;
    std::vector<HubCut> cuts;
    {
        LosingDisk disk(directory.path());
        Numbers acknowledged;
        Moments<Numbers> moments(disk, every(3), [&] { return acknowledged; });
        const auto store = open_in(directory.path());
        ASSERT_TRUE(store);
        for (int n = 0; n < 5; ++n) {
            ASSERT_TRUE(write_number(*store, n));
            acknowledged.insert(n);
        }
        cuts = moments.take();
    }
    ASSERT_GT(cuts.size(), 30U);
    std::mt19937 random(20261124);
    int tried = 0;
    for (const auto& cut : cuts)
        for (int i = 0; i < 2; ++i) {
            SCOPED_TRACE("cut " + std::to_string(++tried));
            EXPECT_TRUE(has_all(found_after(cut, random), cut.promised));
        }
    std::printf("%d power cuts\n", tried);
}

}  // namespace
}  // namespace garita::sqlite
