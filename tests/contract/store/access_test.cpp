// Requests for access.

#include "contract/store/access_fixture.hpp"

namespace garita::store::contract {
namespace {

using State = AccessState;
using Ids = std::vector<std::int64_t>;

TEST_P(StoreAccess, KeepsEveryRequestAsItIs) {
    auto full = full_request(1);
    auto plain = plain_request(2);
    full.version = 9;
    full.id = add(full);
    plain.id = add(plain);
    EXPECT_NE(full.id, plain.id);
    if (GetParam().durable) reopen();
    full.version = 1;
    EXPECT_EQ(found(full.id), full);
    EXPECT_EQ(found(plain.id), plain);
    read([&](View& view) {
        EXPECT_FALSE(book->find(view, AccessId{4711}));
        EXPECT_EQ(book->open_request(view, mac(2)), plain);
        EXPECT_FALSE(book->open_request(view, mac(3)));
    });
}

TEST_P(StoreAccess, IsChangedByWhoeverKnowsTheLatestVersionOnly) {
    const auto id = add(plain_request(1));
    auto changed = full_request(2);
    changed.id = id;
    write([&](Transaction& tx) { EXPECT_TRUE(book->update(tx, changed)); });
    auto expected = changed;
    expected.mac = mac(1);
    expected.created_at = at(1);
    expected.version = 2;
    EXPECT_EQ(found(id), expected) << "all but id, MAC address and the time of its making";
    write([&](Transaction& tx) {
        EXPECT_FALSE(book->update(tx, changed)) << "of version 1";
        auto unknown = changed;
        unknown.id = AccessId{4711};
        EXPECT_FALSE(book->update(tx, unknown));
        auto again = expected;
        again.ended_at.reset();
        again.facts.clear();
        EXPECT_TRUE(book->update(tx, again));
    });
    EXPECT_EQ(found(id).version, 3);
    EXPECT_FALSE(found(id).ended_at);
}

TEST_P(StoreAccess, AMacAddressHasOneOpenRequestAtMost) {
    const auto first = add(plain_request(1, State::confirming));
    for (const auto state : {State::confirming, State::waiting, State::working}) {
        set_state(first, state);
        const auto second = store().write([&](Transaction& tx) -> Result<void> {
            book->insert(tx, plain_request(1));
            return {};
        });
        EXPECT_FALSE(second) << to_text(state);
    }
    for (const auto state : {State::done, State::failed, State::killed, State::expired}) {
        set_state(first, state);
        const auto next = add(plain_request(1));
        read([&](View& view) { EXPECT_EQ(book->open_request(view, mac(1))->id, next); });
        const auto again = store().write([&](Transaction& tx) -> Result<void> {
            auto reopened = book->find(tx, first).value();
            reopened.state = State::waiting;
            (void)book->update(tx, reopened);
            return {};
        });
        EXPECT_FALSE(again) << to_text(state);
        set_state(next, State::done);
        set_state(first, State::waiting);
    }
}

TEST_P(StoreAccess, AreFoundByWhatIsAskedFor) {
    Ids all;
    for (int n = 1; n <= 6; ++n) {
        auto request = plain_request(n, n % 2 == 0 ? State::done : State::waiting);
        request.switch_name = n <= 3 ? "sw1" : "sw2";
        all.push_back(add(request).value);
    }
    EXPECT_EQ(ids({}), Ids(all.rbegin(), all.rend())) << "newest first";
    EXPECT_EQ(ids({.limit = 2}), (Ids{all[5], all[4]}));
    EXPECT_EQ(ids({.before = AccessId{all[2]}}), (Ids{all[1], all[0]}));
    EXPECT_EQ(ids({.states = {State::done}}), (Ids{all[5], all[3], all[1]}));
    EXPECT_EQ(ids({.states = {State::done, State::waiting}, .limit = 1}), Ids{all[5]});
    EXPECT_EQ(ids({.states = {State::killed}}), Ids{});
    EXPECT_EQ(ids({.switch_name = "sw1"}), (Ids{all[2], all[1], all[0]}));
    EXPECT_EQ(ids({.states = {State::waiting}, .switch_name = "sw2"}), Ids{all[4]});
    EXPECT_EQ(ids({.mac = mac(3)}), Ids{all[2]});
    EXPECT_EQ(ids({.states = {State::done}, .mac = mac(3)}), Ids{});
    read([&](View& view) {
        const auto open = book->open_requests(view);
        ASSERT_EQ(open.size(), 3U);
        EXPECT_EQ(open[0].id.value, all[0]) << "oldest first";
        EXPECT_EQ(open[2].id.value, all[4]);
        EXPECT_EQ(book->open_count(view), 3U);
    });
}

TEST_P(StoreAccess, NumbersAreNeverGivenTwice) {
    const auto first = add(full_request(1));
    set_state(first, State::done);
    write([&](Transaction& tx) { EXPECT_EQ(book->prune(tx, at(100), at(0), 10), 1U); });
    EXPECT_GT(add(plain_request(1)), first);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreAccess, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
