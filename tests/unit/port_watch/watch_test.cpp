// A drift is confirmed, told once, told anew when it changes, and over by itself.

#include "watch_fixture.hpp"

namespace garita::tests {
namespace {

using Host = fakes::PortWorld::Host;

class OneHost : public PortWatchTest {
  protected:
    OneHost() {
        host("192.0.2.1", "22,80");
        world.at("192.0.2.1").open = ports("22,80");
        start();
    }
    fakes::PortWorld::Address& machine = world.at("192.0.2.1");
};

TEST_F(OneHost, AsSpecifiedIsNoCaseAndIsLookedAtOncePerInterval) {
    settle();
    EXPECT_EQ(tcp.jobs.size(), 1U);
    EXPECT_EQ(tcp.asked("192.0.2.1"), "1-1024");
    for (int i = 0; i < 53; ++i)
        pass(1min);
    EXPECT_EQ(tcp.jobs.size(), 1U);
    for (int i = 0; i < 14; ++i)
        pass(1min);
    EXPECT_EQ(tcp.jobs.size(), 2U) << "the interval, but for a tenth";
    EXPECT_TRUE(office.cases().empty());
    EXPECT_EQ(status("192.0.2.1").ports.open, ports("22,80"));
}

TEST_F(OneHost, ADriftIsOneCaseAfterASecondLookAtThatPortOnly) {
    settle();
    machine.open = ports("22,80,8,9");
    pass(67min);
    EXPECT_TRUE(office.cases().empty()) << "seen once";
    pass(31s);
    EXPECT_EQ(tcp.asked("192.0.2.1"), "8-9");
    for (int i = 0; i < 10; ++i)
        next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    const auto about = office.last_case();
    EXPECT_EQ(about.kind, "ports_drift");
    EXPECT_EQ(about.subject, "192.0.2.1");
    EXPECT_EQ(about.severity, Severity::critical);
    EXPECT_EQ(about.facts.at("unexpected"), "8-9");
    EXPECT_EQ(about.facts.at("specified"), "22,80");
    EXPECT_FALSE(about.facts.contains("missing"));
    EXPECT_EQ(about.alert_count, 1);
    EXPECT_EQ(about.responses, (std::vector<Response>{Response::accept, Response::mute, Response::keep,
                                                      Response::allow, Response::nothing}));
}

TEST_F(OneHost, WhatIsGoneAtTheSecondLookIsNoDrift) {
    settle();
    machine.open = ports("22");
    pass(67min);
    machine.open = ports("22,80");
    pass(31s);
    next_round();
    EXPECT_TRUE(office.cases().empty());
    EXPECT_TRUE(history("192.0.2.1").empty());
}

TEST_F(OneHost, AChangedDriftBringsTheOpenCaseUpToDate) {
    machine.open = ports("22");
    look_twice();
    const auto before = office.last_case();
    EXPECT_EQ(before.facts.at("missing"), "80");
    EXPECT_EQ(before.severity, Severity::warning);
    machine.open = ports("22,23");
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    const auto about = office.last_case();
    EXPECT_EQ(about.facts.at("missing"), "80");
    EXPECT_EQ(about.facts.at("unexpected"), "23");
    EXPECT_EQ(about.severity, Severity::critical);
    EXPECT_GT(about.version, before.version) << "so that its copies show it";
    EXPECT_EQ(about.facts.at("since"), before.facts.at("since"));
}

TEST_F(OneHost, TheEndIsToldOnceAndTheCaseClosesByItself) {
    machine.open = ports("22");
    look_twice();
    machine.open = ports("22,80");
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    const auto about = office.last_case();
    EXPECT_EQ(about.state, CaseState::closed);
    EXPECT_TRUE(about.facts.contains("over"));
    EXPECT_EQ(about.decision->comment, "over: the ports are as specified");
    for (int i = 0; i < 3; ++i)
        next_round();
    EXPECT_EQ(office.last_case().version, about.version);
    EXPECT_EQ(history("192.0.2.1"), (std::vector<std::string>{"drift began: -80", "as specified again"}));
    machine.open = ports("80");
    next_round();
    EXPECT_EQ(office.cases().size(), 2U) << "another time, another case";
}

TEST_F(OneHost, KeptAsAProblemIsSilentUntilItChangesAndItsEndIsTold) {
    machine.open = ports("22");
    look_twice();
    ASSERT_TRUE(office.answer(office.last_case(), Response::keep));
    for (int i = 0; i < 3; ++i)
        next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_FALSE(office.last_case().facts.contains("over"));
    machine.open = ports("22,80");
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_TRUE(office.last_case().facts.contains("over"));
    EXPECT_EQ(office.last_case().decision->response, Response::keep);
    machine.open = ports("22,80,99");
    next_round();
    ASSERT_EQ(office.cases().size(), 2U);
}

TEST_F(OneHost, ChangedAfterAnAnswerIsAskedAnewAtOnce) {
    machine.open = ports("22");
    look_twice();
    ASSERT_TRUE(office.answer(office.last_case(), Response::nothing));
    machine.open = ports("22,99");
    next_round();
    ASSERT_EQ(office.cases().size(), 2U);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_EQ(office.last_case().facts.at("unexpected"), "99");
}

TEST_F(OneHost, AMuteEndsAndWhatStillIsSoIsToldAgain) {
    machine.open = ports("22");
    look_twice();
    ASSERT_TRUE(answer_for(office.last_case(), Response::mute, 11h));
    settle();
    EXPECT_TRUE(office.last_case().facts.contains("muted_until"));
    for (int i = 0; i < 8; ++i)
        next_round();
    machine.open = ports("99");
    next_round();
    EXPECT_EQ(office.cases().size(), 1U);
    pass(1h);
    ASSERT_EQ(office.cases().size(), 2U);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_EQ(office.last_case().facts.at("change"), "-22,80 +99");
    next_round();
    EXPECT_EQ(office.cases().size(), 2U);
}

TEST_F(OneHost, AcceptedIntoTheStoreHoldsUntilSomethingElseIsWritten) {
    machine.open = ports("22,99");
    look_twice();
    ASSERT_TRUE(office.answer(office.last_case(), Response::accept));
    settle();
    EXPECT_EQ(status("192.0.2.1").wanted.must, ports("22,99"));
    EXPECT_TRUE(office.last_case().facts.at("accepted_into").starts_with("the hub's store"));
    next_round();
    start();
    next_round();
    EXPECT_EQ(office.cases().size(), 1U);
    EXPECT_TRUE(status("192.0.2.1").ports.drift.empty());
    machine.open = ports("22");
    next_round();
    ASSERT_EQ(office.cases().size(), 2U);
    EXPECT_EQ(office.last_case().facts.at("missing"), "99");
    text.hosts[0].second.must = ports("22");
    start();
    next_round();
    EXPECT_EQ(office.last_case().state, CaseState::closed) << "what is written now counts";
    EXPECT_EQ(status("192.0.2.1").wanted.must, ports("22"));
}

TEST_F(OneHost, AcceptedIntoTheFileCountsAtOnce) {
    editor = &paper;
    start();
    machine.open = ports("22,99");
    look_twice();
    ASSERT_TRUE(office.answer(office.last_case(), Response::accept));
    settle();
    EXPECT_EQ(paper.written["192.0.2.1"], "22,99");
    EXPECT_EQ(office.last_case().facts.at("accepted_into"), "/etc/garita/ports.d/web.yml:10");
    EXPECT_EQ(status("192.0.2.1").wanted.must, ports("22,99"));
    EXPECT_TRUE(status("192.0.2.1").ports.accepted.empty());
    next_round();
    EXPECT_EQ(office.cases().size(), 1U);
}

TEST_F(OneHost, WhatCannotBeWrittenGoesToTheStoreAndSaysSo) {
    paper.refusal = Error{ErrorCode::conflict, "ports.yml has changed", Retry::no};
    editor = &paper;
    start();
    machine.open = ports("22,99");
    look_twice();
    ASSERT_TRUE(office.answer(office.last_case(), Response::accept));
    settle();
    EXPECT_EQ(office.last_case().facts.at("accepted_into"), "the hub's store: ports.yml has changed");
    EXPECT_EQ(status("192.0.2.1").wanted.must, ports("22,99"));
}

TEST_F(OneHost, ARestartForgetsNothingAndLooksAtNothingBeforeItsTime) {
    machine.open = ports("22");
    look_twice();
    const auto looks = tcp.jobs.size();
    for (int i = 0; i < 5; ++i) {
        start();
        settle();
    }
    EXPECT_EQ(tcp.jobs.size(), looks);
    next_round();
    EXPECT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().alert_count, 1);
}

TEST_F(OneHost, ARestartBetweenTheLooksGoesOnWithTheSecond) {
    machine.open = ports("22");
    settle();
    start();
    pass(31s);
    EXPECT_EQ(tcp.asked("192.0.2.1"), "80");
    EXPECT_EQ(office.cases().size(), 1U);
}

TEST_F(OneHost, WhoIsNotSpecifiedAnyMoreIsForgotten) {
    machine.open = ports("22");
    look_twice();
    text.hosts.clear();
    host("192.0.2.9", "");
    start();
    settle();
    EXPECT_EQ(office.cases()[0].state, CaseState::closed);
    EXPECT_EQ(office.cases()[0].decision->comment, "over: the host is not specified any more");
    EXPECT_EQ(watch->status()->size(), 1U);
}

TEST_F(OneHost, AskedForItIsLookedAtNow) {
    settle();
    EXPECT_FALSE(watch->scan_now("192.0.2.7"));
    EXPECT_TRUE(watch->scan_now("192.0.2.1"));
    settle();
    EXPECT_EQ(tcp.jobs.size(), 2U);
    EXPECT_TRUE(watch->scan_now(""));
    settle();
    EXPECT_EQ(tcp.jobs.size(), 3U);
}

TEST_F(OneHost, AStoppedScanChangesNothing) {
    settle();
    watch->cancel();
    EXPECT_TRUE(watch->scan_now(""));
    (void)watch->step(office.now);
    EXPECT_EQ(tcp.jobs.size(), 1U);
}

TEST_F(OneHost, AnEngineThatFailsIsNoDrift) {
    tcp.refusal = Error{ErrorCode::forbidden, "no permission", Retry::no};
    const auto stepped = watch->step(office.now);
    ASSERT_FALSE(stepped);
    EXPECT_EQ(stepped.error().text, "no permission");
    tcp.refusal.reset();
    settle();
    EXPECT_TRUE(office.cases().empty());
}

TEST_F(OneHost, WhatWasAskedForIsTriedAgainAfterAFailure) {
    settle();
    EXPECT_TRUE(watch->scan_now("192.0.2.1"));
    tcp.refusal = Error{ErrorCode::io, "too many open files", Retry::later};
    EXPECT_FALSE(watch->step(office.now));
    tcp.refusal.reset();
    settle();
    EXPECT_EQ(tcp.jobs.size(), 3U);
}

TEST_F(OneHost, NoWriteNoCase) {
    machine.open = ports("22");
    settle();
    office.now += 31s;
    auto& memory = dynamic_cast<fakes::MemoryStore&>(store);
    memory.refuse_writes(Error{ErrorCode::full, "the disk is full", Retry::later});
    EXPECT_FALSE(watch->step(office.now));
    memory.refuse_writes(std::nullopt);
    settle();
    EXPECT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(history("192.0.2.1").size(), 1U);
}

}  // namespace
}  // namespace garita::tests
