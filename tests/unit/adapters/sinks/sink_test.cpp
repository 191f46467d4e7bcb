// When what is told, how often it is tried, and what a death in between costs.

#include "adapters/sinks/sink.hpp"

#include <deque>
#include <set>

#include <gmock/gmock.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "decide/escalation.hpp"
#include "fakes/memory_store.hpp"
#include "support/office.hpp"

namespace garita::sinks {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Outcome::Kind;

/// Takes all, but for the answers that the test has laid ready.
class FakeCarrier final : public Carrier {
  public:
    Outcome carry(const Delivery& delivery, Time now) override {
        carried.push_back(delivery);
        times.push_back(now);
        if (!stumbles_over.empty() && delivery.value("id") == stumbles_over) {
            ++stumbled;
            return {Kind::later, "HTTP 500", {}};
        }
        if (answers.empty()) return {Kind::taken, {}, {}};
        auto answer = answers.front();
        if (answers.size() > 1 || !for_ever) answers.pop_front();
        return answer;
    }
    void cancel() override {}
    [[nodiscard]] std::vector<std::string> types() const {
        std::vector<std::string> all;
        for (const auto& one : carried)
            all.push_back(one.type);
        return all;
    }

    std::deque<Outcome> answers;
    bool for_ever = false;      ///< the last answer
    std::string stumbles_over;  ///< {id} of what never goes; a digest has 0
    std::size_t stumbled = 0;
    std::vector<Delivery> carried;
    std::vector<Time> times;
};

class SinkTest : public ::testing::Test {
  protected:
    SinkTest() {
        settings.kind = "webhook";
        settings.name = "desk";
        settings.zone = zoneinfo::find_zone("UTC").value();
        office.enrol("web1");
        start();
    }
    /// As after a start of the hub: nothing but the store is left of the last run.
    void start() {
        health.emplace();
        sink.emplace(
            carrier, store, texts, settings, [this] { return office.now; }, *health, runtime::Log());
    }
    void run_for(Duration span) {
        const auto end = office.now + span;
        while (office.now <= end) {
            const auto wait = sink->step(office.now);
            ASSERT_TRUE(wait) << wait.error().text;
            office.now += std::max(*wait, sink->rest());
        }
    }
    CaseId raise(const std::string& address, Severity severity = Severity::warning) {
        office.file(tests::flood_alert(address, severity));
        return office.last_case().id;
    }
    void end(CaseId id, Response response = Response::allow) {
        ASSERT_TRUE(office.answer(*office.look([&](store::View& v) { return v.find_case(id); }), response));
        office.run(office.settlement);
    }
    [[nodiscard]] std::vector<Message> rows(CaseId id) {
        return office.look([&](store::View& v) { return v.messages_of(id); });
    }

    catalogue::MessageCatalogue texts;
    fakes::MemoryStore store;
    tests::Office office{store};
    FakeCarrier carrier;
    Settings settings;
    std::optional<Health> health;
    std::optional<Sink> sink;
};

TEST_F(SinkTest, ACaseIsToldWhenItBeginsAndWhenItIsOver) {
    const auto id = raise("192.0.2.7");
    run_for(1min);
    office.file(tests::flood_alert("192.0.2.7"));
    run_for(1min);
    EXPECT_THAT(carrier.types(), ElementsAre("case.opened"));
    end(id);
    run_for(1h);
    EXPECT_THAT(carrier.types(), ElementsAre("case.opened", "case.closed"));
    EXPECT_NE(carrier.carried[0].id, carrier.carried[1].id);
}

TEST_F(SinkTest, AnAnswerIsToldAtOnceAndItsEndLater) {
    const auto id = raise("192.0.2.7");
    run_for(1s);
    ASSERT_TRUE(office.answer(office.last_case(), Response::block));  // web1 never confirms
    run_for(1s);
    EXPECT_THAT(carrier.types(), ElementsAre("case.opened", "case.decided"));
    EXPECT_EQ(carrier.carried[1].value("id"), std::to_string(id.value));
}

TEST_F(SinkTest, WhatBecomesMoreSevereIsToldUnderAnotherId) {
    raise("192.0.2.7");
    run_for(1s);
    office.file(tests::flood_alert("192.0.2.7", Severity::critical));
    run_for(1s);
    EXPECT_THAT(carrier.types(), ElementsAre("case.opened", "case.escalated"));
    EXPECT_NE(carrier.carried[0].id, carrier.carried[1].id);
}

TEST_F(SinkTest, WhatIsNotWantedIsNotTold) {
    settings.audience.least = Severity::critical;
    start();
    const auto id = raise("192.0.2.7");
    run_for(1min);
    end(id);
    run_for(1h);
    EXPECT_THAT(carrier.types(), IsEmpty());
}

TEST_F(SinkTest, ItIsTriedEverMoreSeldomUnderTheSameId) {
    carrier.for_ever = true;
    carrier.answers = {{Kind::later, "HTTP 500", {}}};
    raise("192.0.2.7");
    run_for(3h);
    ASSERT_GT(carrier.times.size(), 5U);
    EXPECT_LT(carrier.times.size(), 16U);
    const auto first = carrier.times[1] - carrier.times[0];
    EXPECT_TRUE(first >= 4s && first <= 7s) << first.count();
    EXPECT_GT(carrier.times.back() - carrier.times[carrier.times.size() - 2], 40min);
    for (const auto& one : carrier.carried)
        EXPECT_EQ(one.id, carrier.carried[0].id);
    EXPECT_EQ(health->snapshot().trouble, "HTTP 500");
    carrier.answers.clear();
    run_for(2h);
    EXPECT_EQ(health->snapshot().trouble, "");
    EXPECT_EQ(health->snapshot().waiting, 0U);
}

TEST_F(SinkTest, AsLongAsItAsksForIsWaited) {
    carrier.answers = {{Kind::later, "HTTP 429", Duration{10min}}};
    raise("192.0.2.7");
    run_for(9min);
    EXPECT_EQ(carrier.times.size(), 1U);
    run_for(2min);
    EXPECT_EQ(carrier.times.size(), 2U);
}

TEST_F(SinkTest, WhatWaitsTooLongIsGivenUpAndTheNextIsTried) {
    carrier.for_ever = true;
    carrier.answers = {{Kind::later, "no route", {}}};
    const auto first = raise("192.0.2.7");
    run_for(26h);
    ASSERT_EQ(rows(first).size(), 1U);
    EXPECT_TRUE(rows(first)[0].abandoned);
    carrier.answers.clear();
    raise("192.0.2.8");
    carrier.carried.clear();
    run_for(2h);
    EXPECT_THAT(carrier.types(), ElementsAre("case.opened"));
    EXPECT_EQ(health->snapshot().trouble, "");
}

TEST_F(SinkTest, ARestartDoesNotBeginTheSpanAnewAndAnOldCaseHasItWhole) {
    settings.audience.least = Severity::info;
    const auto old = raise("192.0.2.7");
    office.now += 48h;  // as if the place had come into the configuration only now
    carrier.for_ever = true;
    carrier.answers = {{Kind::later, "HTTP 401", {}}};
    for (int i = 0; i < 5; ++i) {
        start();
        run_for(4h);
        EXPECT_FALSE(rows(old)[0].abandoned) << i;
    }
    start();
    run_for(6h);
    EXPECT_TRUE(rows(old)[0].abandoned);
}

TEST_F(SinkTest, WhoIsGoneIsAskedOnceForEachCase) {
    carrier.answers = {{Kind::gone, "HTTP 410 Gone", {}}};
    const auto id = raise("192.0.2.7");
    run_for(1h);
    EXPECT_EQ(carrier.times.size(), 1U);
    EXPECT_TRUE(rows(id)[0].abandoned);
    EXPECT_EQ(health->snapshot().trouble, "HTTP 410 Gone");
    const auto audit = office.look([](store::View& v) { return v.audit({}); });
    EXPECT_EQ(audit[0].verb, "message_given_up");
    EXPECT_THAT(audit[0].detail, HasSubstr("to webhook desk: HTTP 410"));
}

TEST_F(SinkTest, ARefusedOneHoldsUpNoOther) {
    carrier.answers = {{Kind::refused, "HTTP 400", {}}};
    const auto bad = raise("192.0.2.7", Severity::critical);
    run_for(1ms);
    raise("192.0.2.8");
    run_for(1s);
    ASSERT_EQ(carrier.carried.size(), 2U) << "the second does not wait for the first";
    carrier.answers = {{Kind::refused, "HTTP 400", {}}, {Kind::refused, "HTTP 400", {}}};
    run_for(1h);
    EXPECT_EQ(carrier.carried.size(), 4U) << "three tries in all";
    EXPECT_TRUE(rows(bad)[0].abandoned);
}

TEST_F(SinkTest, WhatTheOtherSideStumblesOverHoldsUpNoOther) {
    const auto bad = raise("192.0.2.7", Severity::critical);
    carrier.stumbles_over = std::to_string(bad.value);
    run_for(10s);
    for (int i = 10; i < 15; ++i)
        raise("192.0.2." + std::to_string(i));
    run_for(1min);
    EXPECT_EQ(carrier.carried.size() - carrier.stumbled, 5U);
    run_for(3h);
    raise("192.0.2.20");
    run_for(1s);
    EXPECT_EQ(carrier.carried.size() - carrier.stumbled, 6U) << "a new one does not wait for it";
    EXPECT_LT(carrier.stumbled, 20U) << "ever more seldom";
    run_for(30h);
    EXPECT_TRUE(rows(bad)[0].abandoned);
}

TEST_F(SinkTest, ACrowdThatIsStumbledOverHoldsUpNoOther) {
    settings.limit = 5;
    start();
    carrier.stumbles_over = "0";  // a digest
    for (int i = 1; i <= 8; ++i)
        raise("192.0.2." + std::to_string(i));
    run_for(2min);
    raise("192.0.2.20");
    run_for(2min);
    EXPECT_THAT(carrier.types(), testing::Contains("case.opened"));
    const auto digest = carrier.carried.front().id;
    run_for(2h);
    for (const auto& one : carrier.carried)
        EXPECT_TRUE(one.type == "case.opened" || one.id == digest) << one.type;
    carrier.stumbles_over.clear();
    run_for(2h);
    EXPECT_EQ(carrier.carried.back().value("count"), "8");
    EXPECT_EQ(health->snapshot().waiting, 0U);
}

TEST_F(SinkTest, ARefusedOneIsTriedAgainInSeconds) {
    carrier.answers = {{Kind::refused, "HTTP 400", {}}, {Kind::refused, "HTTP 400", {}}};
    raise("192.0.2.7");
    run_for(1min);
    ASSERT_EQ(carrier.times.size(), 3U);
    EXPECT_LT(carrier.times[1] - carrier.times[0], 7s);
    EXPECT_LT(carrier.times[2] - carrier.times[1], 13s);
}

TEST_F(SinkTest, WhatWentIntoACrashGoesAgainUnderTheSameId) {
    carrier.answers = {{Kind::interrupted, "", {}}};
    const auto id = raise("192.0.2.7");
    ASSERT_TRUE(sink->step(office.now));
    ASSERT_TRUE(rows(id)[0].sending_since);
    start();
    run_for(1min);
    ASSERT_EQ(carrier.carried.size(), 2U);
    EXPECT_EQ(carrier.carried[0].id, carrier.carried[1].id);
    EXPECT_EQ(carrier.carried[0].document, carrier.carried[1].document);
    EXPECT_FALSE(rows(id)[0].sending_since);
}

TEST_F(SinkTest, ACrowdIsToldTogetherAndKeepsItsIdOverACrash) {
    settings.limit = 5;
    start();
    for (int i = 1; i <= 8; ++i)
        raise("192.0.2." + std::to_string(i));
    carrier.answers = {{Kind::interrupted, "", {}}, {Kind::later, "HTTP 500", {}}};
    ASSERT_TRUE(sink->step(office.now));
    start();
    for (int i = 11; i <= 13; ++i)
        raise("192.0.2." + std::to_string(i));
    run_for(1min);
    ASSERT_GE(carrier.carried.size(), 6U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(carrier.carried[i].id, carrier.carried[0].id);
        EXPECT_EQ(carrier.carried[i].value("count"), "8");
    }
    EXPECT_THAT(carrier.types(), ElementsAre("cases.digest", "cases.digest", "cases.digest", "case.opened",
                                             "case.opened", "case.opened"));
    run_for(1h);
    EXPECT_EQ(carrier.carried.size(), 6U);
}

/// A webhook that a step of on call names.
class OnCallSink : public SinkTest {
  protected:
    OnCallSink() {
        office.options.on_call.emplace();
        office.options.on_call->steps = {{10min, "webhook desk"}};
        settings.audience.step = 1;
        start();
    }
    void pass(Duration span) {
        const auto end = office.now + span;
        while (office.now < end) {
            ASSERT_TRUE(escalation.step(office.now));
            run_for(std::min<Duration>(5s, end - office.now));
        }
    }
    void take(CaseId id) {
        decide::AnswerRequest request;
        request.case_id = id;
        request.response = Response::acknowledge;
        request.by = tests::person("ana");
        ASSERT_TRUE(office.desk.answer(request, office.now));
    }
    decide::Escalation escalation{store, office.options};
};

TEST_F(OnCallSink, IsCalledOnceNobodyHasAnswered) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(9min);
    EXPECT_THAT(carrier.types(), IsEmpty());
    pass(2min);
    ASSERT_THAT(carrier.types(), ElementsAre("case.opened"));
    EXPECT_THAT(carrier.carried[0].text, HasSubstr("Nobody has answered for 10 min."));
    start();
    pass(10min);
    end(id);
    pass(1min);
    EXPECT_THAT(carrier.types(), ElementsAre("case.opened", "case.closed"));
}

TEST_F(OnCallSink, HearsThatNobodyTakesCareOfItAnyMoreUnderAnIdOfItsOwn) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(12min);
    take(id);
    pass(31min);
    take(id);
    pass(31min);
    ASSERT_EQ(carrier.carried.size(), 3U);
    EXPECT_THAT(carrier.carried[1].text, HasSubstr("The time of ana is over"));
    std::set<std::string> ids;
    for (const auto& one : carrier.carried)
        ids.insert(one.id);
    EXPECT_EQ(ids.size(), 3U);
}

TEST_F(OnCallSink, ManyThatComeToTheStepAtOnceAreOneDelivery) {
    pass(30s);
    for (int i = 1; i <= 10; ++i)
        raise("192.0.2." + std::to_string(i));
    pass(12min);
    ASSERT_THAT(carrier.types(), ElementsAre("cases.digest"));
    EXPECT_THAT(carrier.carried[0].text, HasSubstr("Nobody has answered these cases so far."));
}

TEST_F(OnCallSink, QuietHoursHoldItBack) {
    settings.audience.step = 0;
    settings.audience.quiet.from = 22h;
    settings.audience.quiet.to = 7h;  // it is midnight
    start();
    const auto over = raise("192.0.2.7");
    raise("192.0.2.8");
    pass(1h);
    end(over);
    office.now += 5h;
    start();
    pass(50min);
    EXPECT_THAT(carrier.types(), IsEmpty());
    raise("192.0.2.9", Severity::critical);
    pass(10s);
    EXPECT_THAT(carrier.types(), ElementsAre("case.opened"));
    pass(10min);
    ASSERT_THAT(carrier.types(), ElementsAre("case.opened", "case.opened"));
    EXPECT_THAT(carrier.carried[1].text, HasSubstr("192.0.2.8"));
}

}  // namespace
}  // namespace garita::sinks
