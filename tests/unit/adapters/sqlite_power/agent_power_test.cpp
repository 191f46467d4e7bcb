// The power fails while an agent's store works, whose usual commits are synced beside the next step. What was
// synced is there, and of the rest nothing that came later without what came before.

#include <algorithm>
#include <atomic>
#include <thread>

#include "adapters/sqlite/sqlite_agent_store.hpp"
#include "unit/adapters/sqlite_power/power_cuts.hpp"

namespace garita::sqlite {
namespace {

constexpr int rounds = 3;
constexpr int numbers_in_round = 700;
constexpr int cuts_of_each_kind = 5;
constexpr int losses_of_each_cut = 3;
constexpr int action_each = 40;

struct Durable {
    int last = -1;  ///< the last number of which all has been synced
    Numbers begun;  ///< actions
};
using AgentCut = Cut<Durable>;

std::unique_ptr<SqliteAgentStore> open_in(const std::filesystem::path& directory) {
    auto opened = SqliteAgentStore::open({.file = directory / "agent.db"});
    EXPECT_TRUE(opened) << opened.error().text;
    return opened ? std::move(*opened) : nullptr;
}

/// An alert with the place in its log, then a rule; now and then an action, which must be on disk at once.
void add_number(SqliteAgentStore& store, int n) {
    Alert alert;
    alert.uid = std::to_string(n);
    alert.kind = "k";
    alert.facts["padding"] = std::string(1200, 'x');
    EXPECT_TRUE(store.push_alerts_and_value({alert}, 1'000'000, "last", alert.uid));
    Rule rule;
    rule.name = "block";
    rule.params = alert.uid;
    rule.desired = "drop";
    rule.seq = n + 1;
    EXPECT_TRUE(store.hold_rules({rule}, n + 1));
}

/// Writes number after number, while another thread has them synced.
std::vector<AgentCut> fill_from(const std::filesystem::path& directory, int first,
                                std::mt19937::result_type seed) {
    LosingDisk disk(directory);
    const auto store = open_in(directory);
    if (!store) return {};
    std::atomic<int> written = first - 1;
    std::atomic<int> synced = first - 1;
    std::atomic<int> begun = first - 1;
    Moments<Durable> moments(disk, now_and_then(seed, cuts_of_each_kind), [&] {
        Durable durable{std::max<int>(synced, begun), {}};
        for (int n = first; n <= begun; ++n)
            if (n % action_each == 0) durable.begun.insert(n);
        return durable;
    });
    std::atomic<bool> over = false;
    std::thread syncing([&] {
        while (!over) {
            const int until = written;
            EXPECT_TRUE(store->flush());
            synced = until;
            std::this_thread::yield();
        }
    });
    for (int n = first; n < first + numbers_in_round; ++n) {
        add_number(*store, n);
        written = n;
        if (n % action_each != 0) continue;
        EXPECT_EQ(store->begin_action(ActionId{n + 1}, from_micros(1)), true);
        begun = n;
    }
    over = true;
    syncing.join();
    return moments.take();
}

/// The last number that the store has, if all up to it are there.
int last_in(SqliteAgentStore& store) {
    const auto last = store.value("last");
    EXPECT_TRUE(last);
    const int number = last && *last ? std::stoi(**last) : -1;
    EXPECT_EQ(store.spool_counts()->waiting, number + 1);
    const auto seq = store.rules_seq().value_or(-1);
    EXPECT_TRUE(seq == number + 1 || seq == number) << "one transaction after the other: " << seq;
    EXPECT_EQ(store.held_rules()->size(), static_cast<std::size_t>(seq));
    return number;
}

void look_after(const AgentCut& cut, std::mt19937& random) {
    const auto left = cut.leave(random);
    if (const auto store = open_in(left->path())) {
        EXPECT_GE(last_in(*store), cut.promised.last);
        for (const int n : cut.promised.begun)
            EXPECT_EQ(store->begin_action(ActionId{n + 1}, from_micros(1)), false) << n;
    }
    expect_undamaged(*left / "agent.db");
}

TEST(PowerCutOfAnAgent, LosesNothingThatWasSynced) {
    auto directory = std::make_unique<support::TemporaryDirectory>();
    int before = -1;
    std::mt19937 random(20261123);
    int tried = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto cuts = fill_from(directory->path(), before + 1, random());
        ASSERT_GT(cuts.size(), static_cast<std::size_t>(cuts_of_each_kind)) << "within moves of the log too";
        for (const auto& cut : cuts)
            for (int i = 0; i < losses_of_each_cut; ++i) {
                SCOPED_TRACE("cut " + std::to_string(++tried));
                look_after(cut, random);
            }
        directory = cuts.back().leave(random);
        const auto store = open_in(directory->path());
        ASSERT_TRUE(store);
        before = last_in(*store);
        if (store->rules_seq() == before) {
            Rule rule;
            rule.name = "block";
            rule.params = std::to_string(before);
            rule.desired = "drop";
            rule.seq = before + 1;
            ASSERT_TRUE(store->hold_rules({rule}, before + 1));
        }
    }
    std::printf("%d power cuts\n", tried);
}

}  // namespace
}  // namespace garita::sqlite
