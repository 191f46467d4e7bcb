// Alerts, cases, decisions.

#include "contract/store_contract.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/text.hpp"

namespace garita::store::contract {
namespace {

class StoreCases : public StoreContract {};

template <typename T>
std::string written(const T& value) {
    return runtime::json::serialize(runtime::json::to_json(value));
}

std::vector<std::int64_t> ids(const std::vector<Case>& cases) {
    std::vector<std::int64_t> all;
    for (const auto& one : cases)
        all.push_back(one.id.value);
    return all;
}

using Ids = std::vector<std::int64_t>;

TEST_P(StoreCases, AnAlertIsKeptWholeAndOnlyOnce) {
    std::optional<AlertId> first;
    std::optional<AlertId> again;
    std::optional<AlertId> elsewhere;
    write([&](Transaction& tx) {
        first = tx.add_alert(some_alert(1));
        again = tx.add_alert(some_alert(1));
        auto other = some_alert(1);
        other.device = "web2";
        other.address.reset();
        elsewhere = tx.add_alert(other);
    });
    ASSERT_TRUE(first);
    EXPECT_FALSE(again);
    ASSERT_TRUE(elsewhere);
    write([&](Transaction& tx) { EXPECT_FALSE(tx.add_alert(some_alert(1))); });
    read([&](View& view) {
        const auto alerts = view.unfiled_alerts(10);
        ASSERT_EQ(alerts.size(), 2U);
        auto expected = some_alert(1);
        expected.id = *first;
        EXPECT_EQ(written(alerts[0]), written(expected));
        EXPECT_FALSE(alerts[1].address);
        EXPECT_EQ(view.unfiled_alerts(1).size(), 1U);
    });
}

TEST_P(StoreCases, AFiledAlertBelongsToItsCase) {
    const auto id = add_case(some_case(1));
    write([&](Transaction& tx) {
        for (int n = 1; n <= 3; ++n)
            tx.file_alert(*tx.add_alert(some_alert(n)), id);
        EXPECT_TRUE(tx.add_alert(some_alert(4)));
    });
    read([&](View& view) {
        ASSERT_EQ(view.unfiled_alerts(10).size(), 1U);
        EXPECT_EQ(view.unfiled_alerts(10)[0].uid, "uid-4");
        const auto alerts = view.alerts_of(id, 2);
        ASSERT_EQ(alerts.size(), 2U);
        EXPECT_EQ(alerts[0].uid, "uid-3");
        EXPECT_EQ(alerts[1].uid, "uid-2");
    });
}

TEST_P(StoreCases, ACaseIsKeptWhole) {
    auto expected = some_case(3);
    expected.version = 77;  // stored with version 1 whatever it says
    const auto id = add_case(expected);
    expected.id = id;
    expected.version = 1;
    EXPECT_EQ(written(must_find(id)), written(expected));
    auto bare = some_case(4);
    bare.address.reset();
    bare.expires_at.reset();
    bare.on_silence_lasts.reset();
    bare.responses.clear();
    bare.facts.clear();
    bare.id = add_case(bare);
    EXPECT_EQ(written(must_find(bare.id)), written(bare));
    read([&](View& view) { EXPECT_FALSE(view.find_case(CaseId{999})); });
}

TEST_P(StoreCases, ThereIsOneOpenCaseAboutAThing) {
    const auto first = add_case(some_case(1));
    const auto second = store().write([](Transaction& tx) -> Result<void> {
        tx.insert_case(some_case(1));
        return {};
    });
    ASSERT_FALSE(second);
    auto over = must_find(first);
    over.state = CaseState::expired;
    write([&](Transaction& tx) { EXPECT_TRUE(tx.update_case(over)); });
    read([&](View& view) {
        EXPECT_FALSE(view.open_case_about("db1", "ssh_login", "2001:db8::1"));
        ASSERT_TRUE(view.last_case_about("db1", "ssh_login", "2001:db8::1"));
        EXPECT_EQ(view.last_case_about("db1", "ssh_login", "2001:db8::1")->id, first);
        EXPECT_FALSE(view.last_case_about("db1", "ssh_login", "2001:db8::2"));
    });
    const auto next = add_case(some_case(1));
    EXPECT_GT(next, first);
    read([&](View& view) {
        ASSERT_TRUE(view.open_case_about("db1", "ssh_login", "2001:db8::1"));
        EXPECT_EQ(view.open_case_about("db1", "ssh_login", "2001:db8::1")->id, next);
        EXPECT_EQ(view.last_case_about("db1", "ssh_login", "2001:db8::1")->id, next);
    });
}

TEST_P(StoreCases, AnUpdateOfAnOldVersionIsRefused) {
    const auto id = add_case(some_case(1));
    auto mine = must_find(id);
    auto theirs = mine;
    mine.alert_count = 10;
    mine.severity = Severity::info;
    theirs.alert_count = 20;
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.update_case(mine));
        EXPECT_FALSE(tx.update_case(theirs));
    });
    const auto now = must_find(id);
    EXPECT_EQ(now.alert_count, 10);
    EXPECT_EQ(now.severity, Severity::info);
    EXPECT_EQ(now.version, 2);
    write([&](Transaction& tx) { tx.touch_case(id, at(90)); });
    EXPECT_EQ(must_find(id).version, 3);
    EXPECT_EQ(must_find(id).updated_at, at(90));
}

TEST_P(StoreCases, ANoteChangesACaseWithoutANewVersion) {
    const auto id = add_case(some_case(1));
    auto changed = must_find(id);
    changed.alert_count = 10;
    changed.last_alert_at = at(80);
    changed.facts["count"] = "60";
    write([&](Transaction& tx) { EXPECT_TRUE(tx.note_case(changed)); });
    EXPECT_EQ(written(must_find(id)), written(changed));
    write([&](Transaction& tx) {
        tx.touch_case(id, at(90));
        EXPECT_FALSE(tx.note_case(changed));
    });
    EXPECT_EQ(must_find(id).version, 2);
}

TEST_P(StoreCases, TheFirstDecisionStands) {
    const auto id = add_case(some_case(1));
    auto expected = some_decision(id, Response::block);
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.decide(expected, CaseState::decided, at(51)));
        EXPECT_FALSE(tx.decide(some_decision(id, Response::allow), CaseState::closed, at(52)));
    });
    const auto decided = must_find(id);
    EXPECT_EQ(decided.state, CaseState::decided);
    EXPECT_EQ(decided.version, 2);
    EXPECT_EQ(decided.updated_at, at(51));
    ASSERT_TRUE(decided.decision);
    expected.id = decided.decision->id;
    EXPECT_TRUE(expected.id);
    EXPECT_EQ(written(*decided.decision), written(expected));
    auto changed = decided;
    changed.decision.reset();
    changed.state = CaseState::closed;
    write([&](Transaction& tx) { EXPECT_TRUE(tx.update_case(changed)); });
    ASSERT_TRUE(must_find(id).decision) << "an update leaves the decision alone";
    write([&](Transaction& tx) {
        EXPECT_FALSE(tx.decide(some_decision(CaseId{999}, Response::allow), CaseState::closed, at(1)));
    });
}

TEST_P(StoreCases, CasesAreListedNewestFirstByFilterAndPage) {
    for (int n = 1; n <= 6; ++n) {
        auto one = some_case(n);
        if (n == 2) one.device = "web1";
        if (n == 3) one.kind = "cpu_load";
        if (n == 4) one.state = CaseState::observed;
        if (n == 5) one.state = CaseState::closed;
        EXPECT_EQ(add_case(one).value, n);
    }
    read([&](View& view) {
        EXPECT_EQ(ids(view.cases({})), (Ids{6, 5, 4, 3, 2, 1}));
        EXPECT_EQ(ids(view.cases({.states = {CaseState::open}})), (Ids{6, 3, 2, 1}));
        EXPECT_EQ(ids(view.cases({.states = {CaseState::open, CaseState::closed, CaseState::open}})),
                  (Ids{6, 5, 3, 2, 1}));
        EXPECT_EQ(ids(view.cases({.device = "web1"})), (Ids{2}));
        EXPECT_EQ(ids(view.cases({.states = {CaseState::open}, .kind = "cpu_load"})), (Ids{3}));
        EXPECT_EQ(ids(view.cases({.limit = 2})), (Ids{6, 5}));
        EXPECT_EQ(ids(view.cases({.before = CaseId{5}, .limit = 2})), (Ids{4, 3}));
        EXPECT_EQ(ids(view.cases(
                      {.states = {CaseState::open, CaseState::closed}, .before = CaseId{6}, .limit = 2})),
                  (Ids{5, 3}));
    });
}

TEST_P(StoreCases, SilenceIsFoundWhenItsTimeHasCome) {
    for (int n = 1; n <= 4; ++n) {
        auto one = some_case(n);
        one.expires_at = at(100 - n);
        if (n == 2) one.expires_at.reset();
        if (n == 3) one.state = CaseState::closed;
        add_case(one);
    }
    read([&](View& view) {
        EXPECT_EQ(view.next_silence(), at(96));
        EXPECT_TRUE(view.silent_cases(at(95), 10).empty());
        EXPECT_EQ(ids(view.silent_cases(at(96), 10)), (Ids{4}));
        EXPECT_EQ(ids(view.silent_cases(at(200), 10)), (Ids{4, 1}));
        EXPECT_EQ(ids(view.silent_cases(at(200), 1)), (Ids{4}));
    });
    write([&](Transaction& tx) {
        for (const auto& one : tx.silent_cases(at(200), 10))
            EXPECT_TRUE(tx.decide(some_decision(one.id, Response::nothing), CaseState::closed, at(200)));
    });
    read([&](View& view) { EXPECT_FALSE(view.next_silence()); });
}

TEST_P(StoreCases, DecidedCasesAreWalkedById) {
    for (int n = 1; n <= 4; ++n) {
        const auto id = add_case(some_case(n));
        if (n == 2) continue;
        write([&](Transaction& tx) {
            EXPECT_TRUE(tx.decide(some_decision(id, Response::block), CaseState::decided, at(1)));
        });
    }
    read([&](View& view) {
        EXPECT_EQ(ids(view.decided_cases(CaseId{0}, 2)), (Ids{1, 3}));
        EXPECT_EQ(ids(view.decided_cases(CaseId{3}, 2)), (Ids{4}));
    });
}

TEST_P(StoreCases, AProposalIsKeptWithItsCaseAndOutlivesItsDecision) {
    const auto id = add_case(some_case(1));
    EXPECT_FALSE(must_find(id).proposal);
    const Proposal proposal{Response::block,
                            3,
                            {{{Actor::Kind::person, "ana", "telegram", Role::approver}, at(5)},
                             {{Actor::Kind::person, "ben", "cli", Role::administrator}, at(6)}},
                            std::chrono::hours{3},
                            "línea \"1\""};
    write([&](Transaction& tx) {
        auto about = *tx.find_case(id);
        about.proposal = proposal;
        EXPECT_TRUE(tx.update_case(about));
        EXPECT_FALSE(tx.update_case(about)) << "somebody was faster";
    });
    if (GetParam().durable) reopen();
    EXPECT_EQ(must_find(id).proposal, proposal);
    EXPECT_EQ(must_find(id).version, 2);
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.decide(some_decision(id, Response::block), CaseState::decided, at(9)));
    });
    EXPECT_EQ(must_find(id).proposal, proposal);
}

TEST_P(StoreCases, WhatNobodyConfirmedInTimeIsFound) {
    const auto provisional = [](int until, Provisional::State state = Provisional::State::waiting) {
        Provisional block;
        block.state = state;
        block.until = at(until);
        block.ends = at(9000);
        block.in_force_since = at(3);
        block.confirmed_by = Actor{Actor::Kind::person, "ana", "cli", Role::approver};
        return block;
    };
    std::vector<CaseId> made;
    write([&](Transaction& tx) {
        for (const int until : {60, 30, 90}) {
            auto one = some_case(until);
            one.provisional = provisional(until);
            made.push_back(tx.insert_case(one));
        }
        (void)tx.insert_case(some_case(1));
        auto confirmed = some_case(2);
        confirmed.provisional = provisional(10, Provisional::State::confirmed);
        (void)tx.insert_case(confirmed);
    });
    if (GetParam().durable) reopen();
    EXPECT_EQ(must_find(made[0]).provisional, provisional(60));
    read([&](View& view) {
        EXPECT_TRUE(view.unconfirmed_cases(at(29), 10).empty());
        EXPECT_EQ(ids(view.unconfirmed_cases(at(60), 10)), (Ids{made[1].value, made[0].value}));
        EXPECT_EQ(ids(view.unconfirmed_cases(at(90), 1)), (Ids{made[1].value}));
    });
    write([&](Transaction& tx) {
        auto about = *tx.find_case(made[1]);
        about.provisional->state = Provisional::State::rolled_back;
        EXPECT_TRUE(tx.update_case(about));
    });
    read([&](View& view) { EXPECT_EQ(ids(view.unconfirmed_cases(at(60), 10)), (Ids{made[0].value})); });
}

TEST_P(StoreCases, WhoTakesCareOfACaseIsKeptWithIt) {
    const auto id = add_case(some_case(1));
    EXPECT_EQ(must_find(id).duty, Duty{});
    auto about = must_find(id);
    about.duty.step = 2;
    about.duty.reached_at = at(600);
    about.duty.held = std::chrono::microseconds{1'234'567};
    about.duty.taken = {{Actor::Kind::person, "ana", "telegram", Role::operator_}, at(700), at(800), true};
    write([&](Transaction& tx) { EXPECT_TRUE(tx.update_case(about)); });
    EXPECT_EQ(must_find(id).duty, about.duty);
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.decide(some_decision(id, Response::allow), CaseState::closed, at(900)));
    });
    EXPECT_EQ(must_find(id).duty, about.duty);
    auto born = some_case(2);
    born.duty.taken = {{Actor::Kind::token, "billing", "rest", Role::approver}, at(1), at(2), false};
    EXPECT_EQ(must_find(add_case(born)).duty, born.duty);
}

TEST_P(StoreCases, WhatAPolicyDecidedIsFoundPageByPage) {
    const auto decide_by = [&](int n, Actor::Kind kind, const std::string& name, int when) {
        const auto id = add_case(some_case(n));
        auto decision = some_decision(id, Response::block);
        decision.by = {kind, name, "policy", Role::administrator};
        decision.at = at(when);
        write([&](Transaction& tx) { EXPECT_TRUE(tx.decide(decision, CaseState::decided, at(when))); });
        return id;
    };
    const auto late = decide_by(1, Actor::Kind::policy, "floods auto", 50);
    const auto first = decide_by(2, Actor::Kind::policy, "floods auto", 20);
    const auto second = decide_by(3, Actor::Kind::policy, "floods auto", 20);
    (void)decide_by(4, Actor::Kind::policy, "logins auto", 20);
    (void)decide_by(5, Actor::Kind::person, "floods auto", 20);
    const auto cases_of = [](const std::vector<Decision>& decisions) {
        Ids all;
        for (const auto& decision : decisions)
            all.push_back(decision.case_id.value);
        return all;
    };
    read([&](View& view) {
        const auto page = view.policy_decisions("floods auto", at(20), DecisionId{}, 2);
        ASSERT_EQ(cases_of(page), (Ids{first.value, second.value}));
        EXPECT_EQ(page[0].at, at(20));
        EXPECT_EQ(cases_of(view.policy_decisions("floods auto", page[1].at, page[1].id, 2)),
                  (Ids{late.value}));
        EXPECT_EQ(cases_of(view.policy_decisions("floods auto", at(21), DecisionId{}, 9)), (Ids{late.value}));
        EXPECT_TRUE(view.policy_decisions("floods auto", at(51), DecisionId{}, 9).empty());
    });
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreCases, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
