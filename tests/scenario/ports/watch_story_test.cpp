// From a port that opens to a person who is told that it is over, and everything that may come in between.

#include "scenario/ports/port_town.hpp"

namespace garita::tests {
namespace {

using ::testing::HasSubstr;
using Host = fakes::PortWorld::Host;

constexpr std::string_view specification =
    "# what stands in the cellar\n"
    "hosts:\n"
    "  192.0.2.1:            # the shop\n"
    "    must: \"22,80\"       # ssh and http\n";

PortSet ports(std::string_view text) {
    return PortSet::parse(text).value();
}

TEST(WatchStory, FromADriftToItsEnd) {
    PortTown town{std::string(specification)};
    auto& shop = town.world.at("192.0.2.1");
    shop.open = ports("22,80");
    town.settle();
    town.next_round();
    EXPECT_TRUE(town.questions().empty());

    shop.open = ports("22,80,131");
    town.next_round();
    town.next_round();
    ASSERT_EQ(town.questions().size(), 1U);
    EXPECT_THAT(town.questions()[0].text, HasSubstr("Open ports of 192.0.2.1: +131"));
    ASSERT_FALSE(town.questions()[0].keyboard.empty());

    shop.open = ports("22,80,131,132");
    town.next_round();
    ASSERT_EQ(town.questions().size(), 1U) << "the second drift edits the first one's question";
    EXPECT_THAT(town.questions()[0].text, HasSubstr("Open ports of 192.0.2.1: +131-132"));

    town.answer(Response::accept);
    auto expected = std::string(specification);
    expected.replace(expected.find("22,80"), 5, "22,80,131-132");
    EXPECT_EQ(town.text(), expected) << "comments and all else as they were";
    EXPECT_THAT(town.questions()[0].text, HasSubstr("Accepted into: " + town.file.string() + ":3"));
    town.next_round();
    town.start();
    town.next_round();
    EXPECT_EQ(town.api.in(PortTown::chat).size(), 1U) << "accepted is no end, and nothing is told of it";

    shop.open = ports("22,80,131");
    town.next_round();
    ASSERT_EQ(town.questions().size(), 2U);
    EXPECT_THAT(town.questions()[1].text, HasSubstr("Open ports of 192.0.2.1: -132"));
    shop.open = ports("22,80,131-132");
    town.next_round();
    town.next_round();
    ASSERT_EQ(town.ends().size(), 1U);
    EXPECT_THAT(town.ends()[0].text, HasSubstr("is over since"));
    EXPECT_EQ(town.office->last_case().state, CaseState::closed);
    EXPECT_EQ(town.questions().size(), 2U);
}

TEST(WatchStory, KilledAtAnyPointItIsToldOnce) {
    int cuts = 0;
    for (int at = 0;; ++at) {
        PortTown town{std::string(specification)};
        auto& shop = town.world.at("192.0.2.1");
        shop.open = ports("22,80");
        town.settle();
        shop.open = ports("22");
        town.store.cut_at(at);
        town.next_round();
        shop.open = ports("22,80");
        town.next_round();
        const bool cut = town.store.has_cut();
        cuts += cut ? 1 : 0;
        SCOPED_TRACE("cut at " + std::to_string(at));
        ASSERT_EQ(town.office->cases().size(), 1U);
        EXPECT_EQ(town.office->last_case().alert_count, 1);
        EXPECT_EQ(town.office->last_case().state, CaseState::closed);
        EXPECT_TRUE(town.is_told_once(town.questions()));
        EXPECT_TRUE(town.is_told_once(town.ends()));
        EXPECT_LE(town.api.in(PortTown::chat).size(), 3U);
        if (!cut) break;
    }
    EXPECT_GT(cuts, 10);
}

TEST(WatchStory, KilledWhileItIsAcceptedTheFileSaysItOnce) {
    int cuts = 0;
    for (int at = 0;; ++at) {
        PortTown town{std::string(specification)};
        auto& shop = town.world.at("192.0.2.1");
        shop.open = ports("22,80,131");
        town.settle();
        town.pass(1min);
        const auto done = town.office->answer(town.office->last_case(), Response::accept);
        ASSERT_TRUE(done);
        town.store.cut_at(at);
        town.settle();
        const bool cut = town.store.has_cut();
        cuts += cut ? 1 : 0;
        SCOPED_TRACE("cut at " + std::to_string(at));
        EXPECT_THAT(town.text(), HasSubstr("must: \"22,80,131\"       # ssh and http\n"));
        EXPECT_THAT(town.office->last_case().facts["accepted_into"], HasSubstr("ports.yml:3"));
        town.next_round();
        EXPECT_EQ(town.office->cases().size(), 1U);
        if (!cut) break;
    }
    EXPECT_GT(cuts, 2);
}

TEST(WatchStory, AnOutageOfNamesIsOneQuestionAndOneEnd) {
    std::string text = "hosts:\n";
    for (int i = 0; i < 40; ++i)
        text += "  web" + std::to_string(i) + ".example.org: {must: \"80\"}\n";
    PortTown town{text};
    for (int i = 0; i < 40; ++i) {
        const auto address = "192.0.2." + std::to_string(i + 1);
        town.world.name("web" + std::to_string(i) + ".example.org", {address});
        town.world.at(address).open = ports("80");
    }
    town.settle();
    town.world.names_are_out = true;
    town.pass(3h);
    ASSERT_EQ(town.questions().size(), 1U);
    EXPECT_THAT(town.questions()[0].text, HasSubstr("Open ports of DNS cannot be found out"));
    town.start();
    town.world.names_are_out = false;
    town.pass(2h);
    EXPECT_EQ(town.questions().size(), 1U);
    EXPECT_EQ(town.ends().size(), 1U);
    EXPECT_EQ(town.office->cases().size(), 1U);
}

TEST(WatchStory, InMaintenanceNobodyIsWokenAndAfterItWhatStillIsSo) {
    // the town's clock begins on a Monday
    PortTown town{std::string(specification) + "    maintenance: [\"mon 02:00-04:00\"]\n"};
    auto& shop = town.world.at("192.0.2.1");
    shop.open = ports("22,80");
    town.settle();
    town.pass(2h);
    shop.open = ports("22");
    const auto looks = town.engine.jobs.size();
    town.pass(110min);
    EXPECT_EQ(town.engine.jobs.size(), looks);
    EXPECT_TRUE(town.questions().empty());
    shop.open = ports("22,23");
    town.pass(12min);
    ASSERT_EQ(town.questions().size(), 1U);
    EXPECT_THAT(town.questions()[0].text, HasSubstr("-80 +23"));
}

TEST(WatchStory, AClockThatJumpsNeitherDoublesNorStopsIt) {
    for (const Duration jump : {Duration(std::chrono::hours{24 * 400}),
                                Duration(-std::chrono::hours{24 * 400}), Duration(3h), Duration(-3h)}) {
        SCOPED_TRACE(std::chrono::duration_cast<std::chrono::hours>(jump).count());
        PortTown town{std::string(specification)};
        auto& shop = town.world.at("192.0.2.1");
        shop.open = ports("22");
        town.settle();
        town.office->now += jump;  // between the two looks
        town.pass(10min);
        ASSERT_EQ(town.questions().size(), 1U) << "at the latest when it is due anew";
        town.office->now += jump;
        town.next_round();
        EXPECT_EQ(town.questions().size(), 1U);
        shop.open = ports("22,80");
        town.next_round();
        EXPECT_EQ(town.ends().size(), 1U);
        EXPECT_EQ(town.office->cases().size(), 1U);
    }
}

}  // namespace
}  // namespace garita::tests
