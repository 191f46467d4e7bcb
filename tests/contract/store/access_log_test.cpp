// What belongs to requests for access: logs and surveys; what is used up, and what is forgotten.

#include "contract/store/access_fixture.hpp"

namespace garita::store::contract {
namespace {

using State = AccessState;
using Ids = std::vector<std::int64_t>;

using StoreAccessLog = StoreAccess;

TEST_P(StoreAccessLog, ALogIsReadFromWhereTheReaderWas) {
    const auto first = add(plain_request(1));
    const auto second = add(plain_request(2));
    using Kind = AccessLine::Kind;
    write([&](Transaction& tx) {
        book->add_line(tx, {99, first, at(1), Kind::letter, "", "approved: 0011.2233.4401"});
        book->add_line(tx, {0, second, at(2), Kind::note, "", "other"});
        book->add_line(tx, {0, first, at(1), Kind::sent, "sw1", "show running-config\nline \"two\" ñ"});
        book->add_line(tx, {0, first, at(0), Kind::answered, "sw1", ""});
    });
    read([&](View& view) {
        const auto lines = book->log(view, first, 0, 10);
        ASSERT_EQ(lines.size(), 3U);
        EXPECT_EQ(lines[0],
                  (AccessLine{lines[0].id, first, at(1), Kind::letter, "", "approved: 0011.2233.4401"}));
        EXPECT_EQ(lines[1], (AccessLine{lines[1].id, first, at(1), Kind::sent, "sw1",
                                        "show running-config\nline \"two\" ñ"}));
        EXPECT_EQ(lines[2].kind, Kind::answered);
        EXPECT_LT(lines[0].id, lines[1].id);
        EXPECT_EQ(book->log(view, first, 0, 1), std::vector<AccessLine>{lines[0]});
        EXPECT_EQ(book->log(view, first, lines[0].id, 1), std::vector<AccessLine>{lines[1]});
        EXPECT_TRUE(book->log(view, first, lines[2].id, 1).empty());
    });
    EXPECT_FALSE(store().write([&](Transaction& tx) -> Result<void> {
        book->add_line(tx, {0, AccessId{4711}, at(1), Kind::note, "", "of nobody"});
        return {};
    }));
}

TEST_P(StoreAccessLog, SurveysAreKeptBySwitch) {
    const auto id = add(plain_request(1));
    auto asked = survey_of(id, "sw1");
    asked.asked_at = at(7);
    asked.ports = "Gi1/0/1,Gi1/0/2";
    asked.error = "no \"answer\"";
    asked.cleared = true;
    asked.next_try = at(9);
    write([&](Transaction& tx) {
        book->put_survey(tx, survey_of(id, "sw2"));
        book->put_survey(tx, survey_of(id, "sw1"));
        book->put_survey(tx, asked);
    });
    if (GetParam().durable) reopen();
    read([&](View& view) {
        EXPECT_EQ(book->surveys(view, id), (std::vector{asked, survey_of(id, "sw2")}));
        EXPECT_TRUE(book->surveys(view, AccessId{4711}).empty());
    });
    EXPECT_FALSE(store().write([&](Transaction& tx) -> Result<void> {
        book->put_survey(tx, survey_of(AccessId{4711}, "sw1"));
        return {};
    }));
}

TEST_P(StoreAccessLog, SurveysAreDueUntilTheyAreAskedAndCleared) {
    const auto first = add(plain_request(1));
    const auto second = add(plain_request(2));
    auto changing = survey_of(first, "sw1");
    const auto put = [&] { write([&](Transaction& tx) { book->put_survey(tx, changing); }); };
    write([&](Transaction& tx) {
        book->put_survey(tx, survey_of(second, "sw1"));
        book->put_survey(tx, survey_of(second, "sw2"));
    });
    put();
    EXPECT_EQ(due("sw1", 5), (Ids{first.value, second.value}));
    EXPECT_EQ(due("sw1", 5, 1), Ids{first.value});
    EXPECT_EQ(due("sw3", 5), Ids{});
    changing.next_try = at(6);
    put();
    EXPECT_EQ(due("sw1", 5), Ids{second.value});
    EXPECT_EQ(due("sw1", 6), (Ids{first.value, second.value}));
    changing.asked_at = at(7);
    put();
    EXPECT_EQ(due("sw1", 6), (Ids{first.value, second.value})) << "it has to be cleared as well";
    changing.cleared = true;
    put();
    EXPECT_EQ(due("sw1", 6), Ids{second.value});
}

TEST_P(StoreAccessLog, SurveysAreDueWhileTheirRequestWantsThem) {
    const auto id = add(plain_request(1, State::confirming));
    write([&](Transaction& tx) { book->put_survey(tx, survey_of(id, "sw1")); });
    EXPECT_EQ(due("sw1", 5), Ids{}) << "nobody is known to have approved it";
    for (const auto state : {State::waiting, State::working, State::done}) {
        set_state(id, state);
        EXPECT_EQ(due("sw1", 5), Ids{id.value}) << to_text(state);
    }
    for (const auto state : {State::failed, State::killed, State::expired}) {
        set_state(id, State::waiting);
        set_state(id, state);
        EXPECT_EQ(due("sw1", 5), Ids{}) << to_text(state);
    }
}

TEST_P(StoreAccessLog, WhatIsUsedUpStaysSoUntilItIsForgotten) {
    write([&](Transaction& tx) {
        EXPECT_TRUE(book->use_up(tx, "uid", "1", at(1)));
        EXPECT_FALSE(book->use_up(tx, "uid", "1", at(2)));
        EXPECT_TRUE(book->use_up(tx, "uid", "2", at(2)));
        EXPECT_TRUE(book->use_up(tx, "proof", "1", at(3)));
    });
    if (GetParam().durable) reopen();
    read([&](View& view) {
        EXPECT_TRUE(book->is_used_up(view, "uid", "1"));
        EXPECT_FALSE(book->is_used_up(view, "proof", "2"));
        EXPECT_FALSE(book->is_used_up(view, "", "1"));
    });
    write([&](Transaction& tx) {
        EXPECT_EQ(book->prune(tx, at(0), at(3), 1), 1U);
        EXPECT_EQ(book->prune(tx, at(0), at(3), 5), 1U);
        EXPECT_EQ(book->prune(tx, at(0), at(3), 5), 0U);
        EXPECT_FALSE(book->is_used_up(tx, "uid", "1"));
        EXPECT_TRUE(book->is_used_up(tx, "proof", "1"));
        EXPECT_TRUE(book->use_up(tx, "uid", "1", at(4)));
    });
}

TEST_P(StoreAccessLog, RequestsThatEndedLongAgoAreForgottenWithAllThatIsTheirs) {
    auto ended = plain_request(1, State::done);
    ended.ended_at = at(10);
    const auto old = add(ended);
    ended.mac = mac(2);
    ended.ended_at = at(20);
    const auto young = add(ended);
    const auto open = add(plain_request(3));
    write([&](Transaction& tx) {
        for (const auto id : {old, young, open}) {
            book->add_line(tx, {0, id, at(1), AccessLine::Kind::note, "", "one"});
            book->add_line(tx, {0, id, at(1), AccessLine::Kind::note, "", "two"});
            book->put_survey(tx, survey_of(id, "sw1"));
        }
        EXPECT_EQ(book->prune(tx, at(20), at(0), 1), 1U);
        EXPECT_EQ(book->log(tx, old, 0, 9).size(), 1U) << "no more rows at a time than was said";
        EXPECT_EQ(book->prune(tx, at(20), at(0), 9), 2U);
        EXPECT_EQ(book->prune(tx, at(20), at(0), 9), 0U);
    });
    read([&](View& view) {
        EXPECT_FALSE(book->find(view, old));
        EXPECT_TRUE(book->log(view, old, 0, 9).empty());
        EXPECT_TRUE(book->surveys(view, old).empty());
        EXPECT_TRUE(book->find(view, young));
        EXPECT_EQ(book->log(view, young, 0, 9).size(), 2U);
        EXPECT_EQ(book->surveys(view, open).size(), 1U);
    });
}

TEST_P(StoreAccessLog, EndedRequestsWaitForTheArchiveUntilItHasThemAsTheyAre) {
    auto ended = plain_request(1, State::done);
    ended.ended_at = at(20);
    const auto later = add(ended);
    ended.mac = mac(2);
    ended.ended_at = at(10);
    const auto first = add(ended);
    add(plain_request(3));
    const auto waiting = [&](std::size_t limit = 9) {
        Ids all;
        read([&](View& view) {
            for (const auto& one : book->unarchived(view, limit))
                all.push_back(one.id.value);
        });
        return all;
    };
    EXPECT_EQ(waiting(), (Ids{first.value, later.value})) << "the first to end first";
    EXPECT_EQ(waiting(1), Ids{first.value});
    const auto line = [&](AccessId id) {
        write([&](Transaction& tx) { book->add_line(tx, {0, id, at(1), AccessLine::Kind::note, "", "x"}); });
    };
    const auto archive = [&](const AccessRequest& request, std::int64_t last_line) {
        write([&](Transaction& tx) { book->set_archived(tx, request, last_line); });
    };
    const auto before = found(first);
    line(first);
    archive(before, 0);
    EXPECT_EQ(waiting(), (Ids{first.value, later.value})) << "it has a line more by now";
    std::int64_t last = 0;
    read([&](View& view) { last = book->log(view, first, 0, 9).back().id; });
    archive(before, last);
    EXPECT_EQ(waiting(), Ids{later.value});
    if (GetParam().durable) reopen();
    EXPECT_EQ(waiting(), Ids{later.value});
    line(first);
    EXPECT_EQ(waiting(), (Ids{first.value, later.value})) << "a further line";
    archive(before, last + 1000);
    set_state(first, State::failed);
    EXPECT_EQ(waiting(), (Ids{first.value, later.value})) << "a change";
    archive(before, last + 1000);
    EXPECT_EQ(waiting(), (Ids{first.value, later.value})) << "of the version before";
    archive(found(first), last + 1000);
    archive(found(later), 0);
    EXPECT_EQ(waiting(), Ids{});
}

TEST_P(StoreAccessLog, RingsAfterTheCommit) {
    std::vector<Ring> rings;
    store().on_ring([&](const Ring& ring) { rings.push_back(ring); });
    const auto id = add(plain_request(1));
    EXPECT_EQ(rings, (std::vector<Ring>{{Topic::access, ""}}));
    rings.clear();
    set_state(id, State::done);
    EXPECT_EQ(rings, (std::vector<Ring>{{Topic::access, ""}}));
    rings.clear();
    write([&](Transaction& tx) {
        auto stale = found(id);
        stale.version = 1;
        EXPECT_FALSE(book->update(tx, stale));
        book->add_line(tx, {0, id, at(1), AccessLine::Kind::note, "", "one"});
    });
    EXPECT_TRUE(rings.empty());
}

TEST_P(StoreAccessLog, NothingStaysOfAWriteThatFails) {
    const auto failed = store().write([&](Transaction& tx) -> Result<void> {
        const auto id = book->insert(tx, plain_request(1));
        book->add_line(tx, {0, id, at(1), AccessLine::Kind::note, "", "one"});
        book->put_survey(tx, survey_of(id, "sw1"));
        EXPECT_TRUE(book->use_up(tx, "uid", "1", at(1)));
        return fail(ErrorCode::conflict, "no");
    });
    EXPECT_FALSE(failed);
    EXPECT_EQ(ids({}), Ids{});
    EXPECT_EQ(due("sw1", 5), Ids{});
    read([&](View& view) { EXPECT_FALSE(book->is_used_up(view, "uid", "1")); });
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreAccessLog, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
