// All or nothing, for one and for many at the same time.

#include <atomic>
#include <mutex>
#include <thread>

#include "contract/store_contract.hpp"

namespace garita::store::contract {
namespace {

class StoreCommits : public StoreContract {
  protected:
    std::optional<std::string> value(const std::string& key) {
        std::optional<std::string> found;
        read([&](View& view) { found = view.value(key); });
        return found;
    }
    /// The same work in many threads that start together.
    static void in_threads(int count, const std::function<void(int)>& work) {
        std::atomic<int> ready = 0;
        std::vector<std::jthread> threads;
        for (int n = 0; n < count; ++n)
            threads.emplace_back([&, n] {
                ++ready;
                while (ready < count)
                    std::this_thread::yield();
                work(n);
            });
    }
};

TEST_P(StoreCommits, AnErrorUndoesTheWholeWrite) {
    const auto done = store().write([](Transaction& tx) -> Result<void> {
        tx.set_value("a", "1");
        (void)tx.change_rule(block("web1", "192.0.2.1"), at(1));
        tx.ring({Topic::cases, ""});
        return fail(ErrorCode::conflict, "changed my mind", Retry::later);
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::conflict);
    EXPECT_EQ(done.error().text, "changed my mind");
    EXPECT_EQ(done.error().retry, Retry::later);
    EXPECT_FALSE(value("a"));
    write([](Transaction& tx) {
        EXPECT_EQ(tx.change_rule(block("web1", "192.0.2.2"), at(1))->seq, 1) << "the number was given back";
    });
}

TEST_P(StoreCommits, WhatFollowsWithinACommitStandsOrFallsAlone) {
    std::atomic<int> followed = 0;
    bool fails = false;
    store().before_commit(Topic::alerts, [&](Transaction& tx) -> Result<void> {
        ++followed;
        tx.set_value("filed", tx.value("alert").value_or("nothing"));
        tx.ring({Topic::cases, ""});
        if (fails) throw StoreFailure("it cannot be filed");
        return {};
    });
    std::vector<Topic> rung;
    store().on_ring([&](const Ring& ring) { rung.push_back(ring.topic); });
    const auto bring = [&](const std::string& what) {
        write([&](Transaction& tx) {
            tx.set_value("alert", what);
            tx.ring({Topic::alerts, ""});
        });
    };
    write([](Transaction& tx) { tx.set_value("other", "1"); });
    EXPECT_EQ(followed, 0) << "nothing rang";
    bring("first");
    if (followed == 0) {  // a store may leave it out
        EXPECT_FALSE(value("filed"));
        return;
    }
    EXPECT_EQ(value("filed"), "first") << "it saw what was written in the same commit";
    EXPECT_EQ(rung, (std::vector{Topic::alerts, Topic::cases}));
    const auto refused = store().write([](Transaction& tx) -> Result<void> {
        tx.ring({Topic::alerts, ""});
        return fail(ErrorCode::conflict, "no");
    });
    EXPECT_FALSE(refused);
    EXPECT_EQ(followed, 1) << "what was undone rings nothing";
    fails = true;
    bring("second");
    EXPECT_EQ(followed, 2);
    EXPECT_EQ(value("alert"), "second") << "its cause stays";
    EXPECT_EQ(value("filed"), "first") << "nothing of it does";
    store().before_commit(Topic::alerts, {});
    store().on_ring({});
}

TEST_P(StoreCommits, WhatIsThrownBecomesTheError) {
    const auto failure = store().write([](Transaction& tx) -> Result<void> {
        tx.set_value("a", "1");
        throw StoreFailure("the disk is on fire");
    });
    ASSERT_FALSE(failure);
    EXPECT_EQ(failure.error().code, ErrorCode::io);
    EXPECT_NE(failure.error().text.find("the disk is on fire"), std::string::npos);
    const auto mistake = store().write([](Transaction& tx) -> Result<void> {
        tx.set_value("a", "1");
        throw std::logic_error("mistake");
    });
    ASSERT_FALSE(mistake);
    EXPECT_NE(mistake.error().text.find("mistake"), std::string::npos);
    EXPECT_FALSE(store().write([](Transaction&) -> Result<void> { throw 7; }));
    EXPECT_FALSE(store().read([](View&) -> Result<void> { throw std::logic_error("mistake"); }));
    const auto refused = store().read([](View&) -> Result<void> { return fail(ErrorCode::not_found, "no"); });
    EXPECT_EQ(refused.error().code, ErrorCode::not_found);
    EXPECT_FALSE(value("a"));
    write([](Transaction& tx) { tx.set_value("a", "2"); });
    EXPECT_EQ(value("a"), "2");
}

TEST_P(StoreCommits, RowsThatReferToNothingAreRefused) {
    const auto refused = [&](auto work) {
        const auto done = store().write([&](Transaction& tx) -> Result<void> {
            tx.set_value("touched", "yes");
            work(tx);
            return {};
        });
        EXPECT_FALSE(done);
    };
    refused([](Transaction& tx) { tx.insert_action(some_action(CaseId{99}, "db1")); });
    refused([](Transaction& tx) { tx.insert_message(some_message(CaseId{99}, "-1")); });
    refused([](Transaction& tx) { tx.file_alert(AlertId{99}, CaseId{99}); });
    refused([](Transaction& tx) {
        tx.insert_tickets({{"t", CaseId{99}, Response::allow, "c", "p", at(1)}});
    });
    EXPECT_FALSE(value("touched"));
}

TEST_P(StoreCommits, RingsComeAfterTheCommitAndOnce) {
    std::vector<Ring> rings;
    bool visible = false;
    store().on_ring([&](const Ring& ring) {
        rings.push_back(ring);
        visible = value("a").has_value();  // reading is allowed here, and sees the change
    });
    write([&](Transaction& tx) {
        tx.ring({Topic::rules, "web1"});
        tx.ring({Topic::rules, "web2"});
        tx.ring({Topic::rules, "web1"});
        tx.set_value("a", "1");
        EXPECT_TRUE(rings.empty());
    });
    EXPECT_EQ(rings, (std::vector<Ring>{{Topic::rules, "web1"}, {Topic::rules, "web2"}}));
    EXPECT_TRUE(visible);
    EXPECT_FALSE(store().write([](Transaction& tx) -> Result<void> {
        tx.ring({Topic::cases, ""});
        return fail(ErrorCode::invalid, "no");
    }));
    EXPECT_EQ(rings.size(), 2U);
}

TEST_P(StoreCommits, AWriteInsideAWriteIsRefusedInsteadOfHanging) {
    write([&](Transaction& tx) {
        tx.set_value("outer", "1");
        const auto inner = store().write([](Transaction& own) -> Result<void> {
            own.set_value("inner", "1");
            return {};
        });
        ASSERT_FALSE(inner);
        EXPECT_EQ(inner.error().code, ErrorCode::conflict);
    });
    EXPECT_EQ(value("outer"), "1");
    EXPECT_FALSE(value("inner"));
}

TEST_P(StoreCommits, AReadSeesOneState) {
    write([](Transaction& tx) { tx.set_value("a", "1"); });
    read([&](View& view) {
        EXPECT_EQ(view.value("a"), "1");
        std::jthread([&] { write([](Transaction& tx) { tx.set_value("a", "2"); }); }).join();
        EXPECT_EQ(view.value("a"), "1");
    });
    EXPECT_EQ(value("a"), "2");
}

TEST_P(StoreCommits, OneOfManyWritersFailsAlone) {
    constexpr int writers = 32;
    constexpr int rounds = 10;
    std::atomic<int> wrong = 0;
    in_threads(writers, [&](int n) {
        for (int round = 0; round < rounds; ++round) {
            const bool fails = (n + round) % 4 == 0;
            const auto key = std::to_string(n) + "/" + std::to_string(round);
            const auto done = store().write([&](Transaction& tx) -> Result<void> {
                tx.set_value(key, "x");
                const auto rule = tx.change_rule(block("web1", key), at(1));
                if (fails && round % 2 == 0) return fail(ErrorCode::invalid, key);
                if (fails) throw std::runtime_error(key);
                return rule ? Result<void>() : fail(ErrorCode::invalid, "no rule");
            });
            const bool right =
                fails ? !done && done.error().text.find(key) != std::string::npos : done.has_value();
            if (!right) ++wrong;
        }
    });
    EXPECT_EQ(wrong, 0);
    int kept = 0;
    std::vector<std::int64_t> seqs;
    read([&](View& view) {
        for (int n = 0; n < writers; ++n)
            for (int round = 0; round < rounds; ++round) {
                const bool there = view.value(std::to_string(n) + "/" + std::to_string(round)).has_value();
                EXPECT_EQ(there, (n + round) % 4 != 0);
                if (there) ++kept;
            }
        for (const auto& rule : view.rule_changes("web1", 0, 1000))
            seqs.push_back(rule.seq);
    });
    ASSERT_EQ(static_cast<int>(seqs.size()), kept);
    for (std::size_t i = 0; i < seqs.size(); ++i)
        EXPECT_EQ(seqs[i], static_cast<std::int64_t>(i + 1));
}

TEST_P(StoreCommits, AHundredAnswersAtOnceAreOneDecision) {
    const auto id = add_case(some_case(1));
    std::atomic<int> accepted = 0;
    std::mutex mutex;
    std::string winner;
    in_threads(100, [&](int n) {
        auto decision = some_decision(id, n % 2 == 0 ? Response::block : Response::allow);
        decision.by.name = std::to_string(n);
        bool mine = false;
        const auto done = store().write([&](Transaction& tx) -> Result<void> {
            mine = tx.decide(decision, CaseState::decided, at(1));
            return {};
        });
        if (!done || !mine) return;
        ++accepted;
        const std::lock_guard lock(mutex);
        winner = decision.by.name;
    });
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(must_find(id).decision->by.name, winner);
    EXPECT_EQ(must_find(id).version, 2);
}

TEST_P(StoreCommits, ReadersAndWritersDoNotDisturbEachOther) {
    std::atomic<int> torn = 0;
    in_threads(8, [&](int n) {
        for (int round = 0; round < 30; ++round) {
            if (n < 3) {
                const auto done = store().write([&](Transaction& tx) -> Result<void> {
                    const auto text = std::to_string(n * 1000 + round);
                    tx.set_value("left", text);
                    tx.set_value("right", text);
                    return {};
                });
                if (!done) ++torn;
            } else {
                const auto done = store().read([&](View& view) -> Result<void> {
                    if (view.value("left") != view.value("right")) ++torn;
                    return {};
                });
                if (!done) ++torn;
            }
        }
    });
    EXPECT_EQ(torn, 0);
}

TEST_P(StoreCommits, WhatWasWrittenIsThereAfterReopening) {
    if (!GetParam().durable) GTEST_SKIP() << GetParam().name << " keeps nothing over a restart";
    const auto id = add_case(some_case(1));
    write([&](Transaction& tx) {
        tx.set_value("a", "1");
        EXPECT_EQ(tx.change_rule(block("web1", "192.0.2.1"), at(1))->seq, 1);
        tx.confirm_rules("web1", 1, {}, 0, at(1));
        EXPECT_TRUE(tx.change_rule(unblock("web1", "192.0.2.1"), at(1)));
        tx.confirm_rules("web1", 2, {}, 0, at(1));
    });
    reopen();
    EXPECT_EQ(value("a"), "1");
    EXPECT_EQ(must_find(id).subject, some_case(1).subject);
    write([](Transaction& tx) { EXPECT_EQ(tx.change_rule(block("web1", "192.0.2.1"), at(1))->seq, 3); });
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreCommits, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
