// Large numbers, on the real store.

#include <chrono>
#include <iostream>

#include "decide/policy_desk.hpp"
#include "support/office.hpp"

namespace garita::tests {
namespace {

std::string tenth_net(int i) {
    return "10." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." +
           std::to_string(i % 256);
}

class Many : public DeskTest {};

TEST_F(Many, AHundredThousandBlocksAtOnceAreSetWithinSeconds) {
    for (int i = 0; i < 200; ++i)
        office.enrol("other" + std::to_string(i), {IpNetwork(address("192.0.2." + std::to_string(i)))});
    decide::BlockOrder order;
    order.by = person("billing");
    order.devices = {"web1"};
    for (int i = 0; i < 100000; ++i)
        order.networks.push_back(tenth_net(i));
    const auto began = std::chrono::steady_clock::now();
    const auto outcome = office.rules.carry_out(order, office.now);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->changed, 100000U);
    EXPECT_EQ(office.verbs().size(), 100U);
    std::cout << "100000 blocks stored in " << took.count() << " s\n";
}

TEST_F(Many, FiftyThousandAttackersAtOnceDoNotStopTheDesk) {
    office.file(flood_alert("203.0.113.9"));
    const auto first = office.last_case();
    for (int part = 0; part < 50; ++part) {
        std::vector<Alert> flood;
        for (int i = 0; i < 1000; ++i)
            flood.push_back(flood_alert(tenth_net(part * 1000 + i)));
        office.raise(std::move(flood));
    }
    // after one step people are heard again, whatever still waits
    ASSERT_TRUE(office.filing->step(office.now));
    EXPECT_LE(office.look([](store::View& v) { return v.counts(); }).open_cases, 1001);
    const auto outcome = office.answer(first, Response::block);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->current.state, CaseState::decided);
    const auto began = std::chrono::steady_clock::now();
    office.file();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    EXPECT_TRUE(office.look([](store::View& v) { return v.unfiled_alerts(1); }).empty());
    EXPECT_EQ(office.cases().size(), 50001U);
    std::cout << "50000 alerts of as many subjects filed in " << took.count() << " s\n";
}

TEST_F(Many, TwentyThousandBlocksOfAPolicyAreUndoneWithinSeconds) {
    decide::Policy policy;
    policy.kind = "http_errors";
    policy.mode = decide::Policy::Mode::automatic;
    policy.response = Response::block;
    office.options.policies = {policy};
    office.options.automatic_blocks.at_most = 1'000'000;
    for (int part = 0; part < 20; ++part) {
        std::vector<Alert> flood;
        for (int i = 0; i < 1000; ++i)
            flood.push_back(flood_alert(tenth_net(part * 1000 + i)));
        office.raise(std::move(flood));
        office.file();
    }
    decide::PolicyDesk desk(store, office.options);
    const auto began = std::chrono::steady_clock::now();
    const auto outcome = desk.undo({"http_errors auto", office.now - 1h, decide::UndoOrder::How::carry_out,
                                    person("ana", Role::approver)},
                                   office.now);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->unset, 20000U);
    const auto again = desk.undo({"http_errors auto", office.now - 1h, decide::UndoOrder::How::carry_out,
                                  person("ana", Role::approver)},
                                 office.now);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->unset, 0U);
    std::cout << "20000 blocks of a policy undone in " << took.count() << " s\n";
}

}  // namespace
}  // namespace garita::tests
