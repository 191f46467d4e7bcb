// What an agent that keeps a device's rules is given of them.

#include "device_rules_fixture.hpp"

namespace garita::store::contract {
namespace {

TEST_P(StoreDeviceRules, AFeedGivesWhatChangedSinceThePositionsTheQuickLaneFirst) {
    want(1, "open");
    auto many = changes();
    many.lane = Lane::bulk;
    many.wishes = {{0, key(2), value("open")}, {0, key(3), value("open")}};
    carry_out(many, 1);
    want(4, "open");
    const auto all = rules_->feed(access, {}, 100).value();
    ASSERT_EQ(all.rules.size(), 4U);
    EXPECT_EQ(all.rules[0].key, key(1));
    EXPECT_EQ(all.rules[1].key, key(4));
    EXPECT_EQ(all.rules[2].lane, Lane::bulk);
    EXPECT_EQ(all.rest, ClassFeed::Rest::none);
    EXPECT_EQ(all.up_to, (LanePositions{all.last_seq, all.last_seq})) << "nothing is missing up to there";
    EXPECT_EQ(all.recorded, (LanePositions{0, 0}));
    EXPECT_TRUE(rules_->feed(access, all.up_to, 100)->rules.empty());

    want(1, "-");
    const auto news = rules_->feed(access, all.up_to, 100).value();
    ASSERT_EQ(news.rules.size(), 1U);
    EXPECT_EQ(news.rules[0].key, key(1));
    EXPECT_FALSE(news.rules[0].want);
    record_all(Lane::quick);
    EXPECT_EQ(rules_->feed(access, {}, 1)->recorded.quick, news.rules[0].seq);
}

TEST_P(StoreDeviceRules, AFeedInPagesMissesNothing) {
    for (int number = 0; number < 5; ++number)
        want(number, "open");
    auto many = changes();
    many.lane = Lane::bulk;
    for (int number = 10; number < 15; ++number)
        many.wishes.push_back({0, key(number), value("open")});
    carry_out(many, 1);
    LanePositions since;
    std::size_t got = 0;
    for (int page = 0; page < 10; ++page) {
        const auto feed = rules_->feed(access, since, 3).value();
        EXPECT_LE(feed.rules.size(), 3U);
        got += feed.rules.size();
        since = feed.up_to;
        if (feed.rest == ClassFeed::Rest::none) break;
    }
    EXPECT_EQ(got, 10U);
    EXPECT_TRUE(rules_->feed({"border1", "never"}, {}, 3)->rules.empty());
}

TEST_P(StoreDeviceRules, AnotherEndIsGivenToo) {
    want(1, "open");
    record_all(Lane::quick);
    const auto before = rules_->feed(access, {}, 10).value();
    auto longer = changes();
    longer.wishes = {{0, key(1), value("open")}};
    longer.expires_at = at(900);
    EXPECT_EQ(carry_out(longer, 2).changed, 1);
    EXPECT_EQ(shown(1), "open open") << "there all the time";
    const auto news = rules_->feed(access, before.up_to, 10).value();
    ASSERT_EQ(news.rules.size(), 1U);
    EXPECT_EQ(news.rules[0].expires_at, at(900));
}

}  // namespace
}  // namespace garita::store::contract
