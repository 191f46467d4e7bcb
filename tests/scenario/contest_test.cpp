// Many people, one question, opposite answers, at the same moment.

#include <barrier>
#include <thread>

#include "scenario/town.hpp"

namespace garita::tests {
namespace {

struct Voice {
    std::string name;
    Response response;
    Result<decide::AnswerOutcome> heard = fail(ErrorCode::io, "not asked");
};

std::vector<Voice> voices(int count) {
    static const std::vector<Response> answers = {Response::allow, Response::close_connection,
                                                  Response::block};
    std::vector<Voice> all;
    for (int i = 0; i < count; ++i)
        all.push_back({"person " + std::to_string(i), answers[static_cast<std::size_t>(i) % answers.size()]});
    return all;
}

void shout_together(Office& office, const Case& about, std::vector<Voice>& all) {
    std::barrier together(static_cast<std::ptrdiff_t>(all.size()));
    std::vector<std::jthread> threads;
    for (auto& voice : all)
        threads.emplace_back([&] {
            together.arrive_and_wait();
            voice.heard = office.answer(about, voice.response, person(voice.name));
        });
}

TEST(Contest, AHundredAnswersAtOnceHaveOneEffectAndAllLearnWhoDecided) {
    for (int round = 0; round < 5; ++round) {
        StoreUnderTest store;
        Town town(store.store(), 2);
        town.posts[0]->host.live_sessions = {4321};
        town.office.file(login_alert("203.0.113.9"));
        const auto about = town.office.last_case();
        auto all = voices(100);
        shout_together(town.office, about, all);
        town.exchange();

        const auto decision = town.office.last_case().decision;
        ASSERT_TRUE(decision);
        int accepted = 0;
        for (const auto& voice : all) {
            ASSERT_TRUE(voice.heard) << voice.heard.error().text;
            ASSERT_TRUE(voice.heard->current.decision);
            EXPECT_EQ(voice.heard->current.decision->by.name, decision->by.name);
            if (voice.heard->kind != decide::AnswerOutcome::Kind::accepted) continue;
            ++accepted;
            EXPECT_EQ(voice.name, decision->by.name);
            EXPECT_EQ(voice.response, decision->response);
        }
        EXPECT_EQ(accepted, 1);
        const bool block = decision->response == Response::block;
        const bool close = block || decision->response == Response::close_connection;
        EXPECT_EQ(town.office.rules_now().size(), block ? 2U : 0U);
        EXPECT_EQ(town.posts[1]->kernel.entries().size(), block ? 1U : 0U);
        EXPECT_EQ(town.posts[0]->host.closed.size(), close ? 1U : 0U);
        const auto verbs = town.office.verbs();
        EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "decide"), 1);
    }
}

TEST(Contest, AHundredPressesOfTwoPersonsRebootOnceAndNeverForOneAlone) {
    for (int round = 0; round < 5; ++round) {
        StoreUnderTest store;
        Town town(store.store());
        decide::Policy policy;
        policy.two_persons.insert(Danger::reboot);
        town.office.options.policies = {policy};
        const int people = round == 0 ? 1 : 2;
        for (int i = 0; i < people; ++i) {
            Person one;
            one.name = "person " + std::to_string(i);
            town.office.options.people.push_back(one);
        }
        town.office.file(load_alert());
        const auto about = town.office.last_case();
        std::vector<decide::AnswerOutcome::Kind> heard(100);
        {
            std::barrier together(100);
            std::vector<std::jthread> threads;
            for (int i = 0; i < 100; ++i)
                threads.emplace_back([&, i] {
                    const Actor by{Actor::Kind::person, "person " + std::to_string(i % people),
                                   i % 3 == 0 ? "cli" : "telegram", Role::approver};
                    together.arrive_and_wait();
                    const auto outcome = town.office.answer(about, Response::reboot, by);
                    ASSERT_TRUE(outcome) << outcome.error().text;
                    heard[static_cast<std::size_t>(i)] = outcome->kind;
                });
        }
        town.exchange();
        town.exchange();
        EXPECT_EQ(std::count(heard.begin(), heard.end(), decide::AnswerOutcome::Kind::accepted), people - 1);
        EXPECT_EQ(town.posts[0]->host.reboots, people - 1);
        EXPECT_EQ(town.office.actions(about).size(), static_cast<std::size_t>(people - 1));
        const auto verbs = town.office.verbs();
        EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "propose"), 1);
        EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "decide"), people - 1);
    }
}

}  // namespace
}  // namespace garita::tests
