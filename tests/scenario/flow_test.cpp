#include "scenario/town.hpp"

namespace garita::tests {
namespace {

class Flow : public ::testing::Test {
  protected:
    StoreUnderTest store;
    Town town{store.store(), 2};
    Office& office = town.office;
    Case now_of(const Case& about) {
        return office.look([&](store::View& v) { return v.find_case(about.id); }).value_or(Case{});
    }
};

TEST_F(Flow, ALoginBecomesAQuestionAndOneAnswerBlocksItEverywhere) {
    town.posts[0]->host.live_sessions = {4321, 5000};
    town.posts[0]->kernel.connections_each = 1;
    office.file(login_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_EQ(about.state, CaseState::open);
    ASSERT_TRUE(office.answer(about, Response::block));
    town.exchange();
    const auto after = now_of(about);
    EXPECT_EQ(after.state, CaseState::closed);
    for (const auto& post : town.posts)
        EXPECT_TRUE(post->kernel.entries().contains(network("203.0.113.9"))) << post->name;
    EXPECT_EQ(town.posts[0]->host.live_sessions, std::vector<std::int32_t>{5000});
    EXPECT_TRUE(town.posts[1]->host.closed.empty());
    const auto progress = office.look([&](store::View& v) { return v.progress(about.id); });
    EXPECT_EQ(progress.wanted, 2);
    EXPECT_EQ(progress.done, 2);
    EXPECT_EQ(progress.connections_cut, 1);
    EXPECT_EQ(office.verbs(), (std::vector<std::string>{"decide", "action_done"}));
}

TEST_F(Flow, AnAgentThatJoinsLaterTakesPartInWhatStandsOnAll) {
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::block));
    office.block({"203.0.113.10"});
    office.block({"203.0.113.11"}, {"web1"});
    town.exchange();
    town.run_hub();
    ASSERT_EQ(office.look([&](store::View& v) { return v.progress(about.id); }).done, 2);
    const auto shown = now_of(about).version;

    office.now += 23h;
    auto& late = town.join();
    EXPECT_EQ(now_of(about).version, shown) << "shown when it is in force, not before";
    town.exchange();
    town.run_hub();
    EXPECT_EQ(late.kernel.entries().size(), 2U);
    for (const auto* const address : {"203.0.113.9", "203.0.113.10"})
        EXPECT_EQ(late.kernel.entries().at(network(address)),
                  town.posts[0]->kernel.entries().at(network(address)))
            << address << " ends on all at the same time";
    const auto progress = office.look([&](store::View& v) { return v.progress(about.id); });
    EXPECT_EQ(progress.wanted, 3);
    EXPECT_EQ(progress.done, 3);
    EXPECT_EQ(now_of(about).state, CaseState::closed);
    EXPECT_GT(now_of(about).version, shown) << "every copy of the message says 3 of 3";

    const auto seq = office.look([&](store::View& v) { return v.last_rule_seq("web3"); });
    office.enrol("web3");  // calls again
    town.exchange();
    EXPECT_EQ(office.look([&](store::View& v) { return v.last_rule_seq("web3"); }), seq);

    office.now += 1h;
    town.exchange();
    EXPECT_TRUE(late.kernel.entries().empty());
    EXPECT_EQ(town.posts[0]->kernel.entries().size(), 0U);
    town.run_hub();
    town.exchange();
    town.run_hub();
    EXPECT_TRUE(office.rules_now().empty());
    EXPECT_TRUE(town.join().kernel.entries().empty());
    EXPECT_TRUE(office.rules_now().empty()) << "what is over is not inherited";
}

TEST_F(Flow, AnAgentThatJoinsRefusesWhatWouldHitItself) {
    office.block({"203.0.113.0/24"});
    auto& late = town.join();
    late.local.networks = {{network("203.0.113.77"), enforce::LocalRole::own_address}};
    town.exchange();
    EXPECT_TRUE(late.kernel.entries().empty());
    const auto rules = office.rules_now();
    ASSERT_EQ(rules.size(), 3U);
    EXPECT_NE(rules[2].last_error.find("protected"), std::string::npos) << rules[2].last_error;
    EXPECT_TRUE(rules[0].settled());
}

TEST_F(Flow, ADeviceThatIsAwayDelaysNobodyElse) {
    town.posts[1]->kernel.away = Error{ErrorCode::unavailable, "no answer", Retry::later};
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::block));
    town.fetch(*town.posts[1]);
    EXPECT_FALSE(town.posts[1]->reconciler->step(office.now));
    town.bring_back(*town.posts[1]);
    town.exchange(*town.posts[0]);
    EXPECT_TRUE(town.posts[0]->kernel.entries().contains(network("203.0.113.9")));
    EXPECT_EQ(now_of(about).state, CaseState::decided);
    EXPECT_EQ(office.look([&](store::View& v) { return v.progress(about.id); }).done, 1);
    town.posts[1]->kernel.away.reset();
    office.now += 1h;
    town.exchange();
    EXPECT_EQ(now_of(about).state, CaseState::closed);
}

TEST_F(Flow, WhileTheHubIsAwayRulesStayAndEndOnTime) {
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::block));
    auto& post = *town.posts[0];
    town.fetch(post);
    post.reconcile(office.now);  // and then nobody can tell the hub
    const auto began = office.now;
    for (; office.now < began + 23h; office.now += 1min)
        (void)post.reconciler->step(office.now);
    EXPECT_TRUE(post.kernel.entries().contains(network("203.0.113.9")));
    post.start();
    post.reconcile(office.now);
    EXPECT_TRUE(post.kernel.entries().contains(network("203.0.113.9")));
    office.now = began + 24h;
    post.reconcile(office.now);
    EXPECT_TRUE(post.kernel.entries().empty());
    EXPECT_EQ(now_of(about).state, CaseState::decided);
    town.run_hub();
    town.exchange();
    town.run_hub();
    EXPECT_EQ(now_of(about).state, CaseState::closed);
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(Flow, ARebootThatNobodyFetchedInTimeNeverHappens) {
    office.file(load_alert());
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::reboot, person("eva", Role::approver)));
    office.now += 3min;
    town.run_hub();
    town.exchange();
    EXPECT_EQ(town.posts[0]->host.reboots, 0);
    EXPECT_EQ(now_of(about).state, CaseState::closed);
}

TEST_F(Flow, ABlockTakenBackIsGoneFromEveryDevice) {
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::block));
    town.exchange();
    decide::BlockOrder undo;
    undo.verb = decide::BlockOrder::Verb::unset;
    undo.networks = {"203.0.113.9"};
    undo.by = person("bob");
    ASSERT_TRUE(office.rules.carry_out(undo, office.now));
    town.exchange();
    for (const auto& post : town.posts)
        EXPECT_TRUE(post->kernel.entries().empty());
    EXPECT_TRUE(office.rules_now().empty());
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.last_case().state, CaseState::open);
}

TEST_F(Flow, AnAutomaticBlockNeedsOneFilingAndOneCall) {
    decide::Policy policy;
    policy.mode = decide::Policy::Mode::automatic;
    policy.response = Response::block;
    office.options.policies = {policy};
    office.raise({flood_alert("203.0.113.9")});
    office.file();
    town.exchange();
    EXPECT_TRUE(town.posts[1]->kernel.entries().contains(network("203.0.113.9")));
    EXPECT_EQ(office.last_case().state, CaseState::closed);
}

TEST_F(Flow, ADeviceRefusesForItselfWhatTheHubDidNotKnowToBeProtected) {
    town.posts[0]->local.networks = {{network("203.0.113.9"), enforce::LocalRole::gateway}};
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::block));
    town.exchange();
    EXPECT_TRUE(town.posts[0]->kernel.entries().empty());
    EXPECT_EQ(town.posts[1]->kernel.entries().size(), 1U);
    const auto progress = office.look([&](store::View& v) { return v.progress(about.id); });
    EXPECT_EQ(progress.done, 1);
    EXPECT_EQ(progress.failed, 1);
    EXPECT_EQ(now_of(about).state, CaseState::closed);
}

}  // namespace
}  // namespace garita::tests
