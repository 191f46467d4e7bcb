#include "adapters/rsyslog_db/poll.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/rows_in_memory.hpp"

namespace garita::rsyslog_db {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

class RsyslogPoll : public testing::Test {
  protected:
    std::vector<std::uint64_t> ids() {
        const auto rows = poll.next(table, now);
        EXPECT_TRUE(rows);
        std::vector<std::uint64_t> found;
        for (const auto& row : rows.value_or(std::vector<Row>{}))
            found.push_back(row.id);
        return found;
    }
    fakes::RowsInMemory table;
    Poll poll{0, 60s};
    Time now = from_micros(1'000'000'000);
};

TEST_F(RsyslogPoll, EachRowOnceALateOneToo) {
    table.rows = {{1, "a"}, {2, "b"}, {5, "e"}};
    EXPECT_THAT(ids(), ElementsAre(1, 2, 5));
    table.rows[4] = "d";
    now += 30s;
    EXPECT_THAT(ids(), ElementsAre(4));
    EXPECT_EQ(poll.settled(), 0U);
    now += 31s;
    table.rows[3] = "c";
    EXPECT_THAT(ids(), ElementsAre(3));
    EXPECT_EQ(poll.settled(), 5U);
    EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(RsyslogPoll, ManyRowsComeInPieces) {
    for (std::uint64_t id = 1; id <= 2500; ++id)
        table.rows[id] = "x";
    std::size_t read = ids().size();
    EXPECT_EQ(read, Poll::most_rows);
    EXPECT_TRUE(poll.is_behind());
    for (int turn = 0; turn < 10 && poll.is_behind(); ++turn)
        read += ids().size();
    EXPECT_EQ(read, 2500U);
    EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(RsyslogPoll, AFarIdIsReachedStepByStep) {
    table.rows[3 * Poll::widest + 1] = "far";
    for (int turn = 0; turn < 3; ++turn) {
        EXPECT_THAT(ids(), IsEmpty());
        EXPECT_TRUE(poll.is_behind());
    }
    EXPECT_THAT(ids(), ElementsAre(3 * Poll::widest + 1));
    EXPECT_FALSE(poll.is_behind());
}

TEST_F(RsyslogPoll, ALargeTableIsNotReadAgainAndAgain) {
    table.rows[5 * Poll::widest] = "far";
    for (int turn = 0; turn < 6; ++turn) {
        static_cast<void>(ids());
        EXPECT_LE(table.widest_asked, Poll::widest);
    }
    table.rows[5 * Poll::widest - 1] = "late";
    EXPECT_THAT(ids(), ElementsAre(5 * Poll::widest - 1));
}

TEST_F(RsyslogPoll, AnOutageLosesNothingAndAnEmptiedTableBeginsAnew) {
    table.rows = {{7, "a"}};
    table.away = true;
    EXPECT_FALSE(poll.next(table, now));
    table.away = false;
    EXPECT_THAT(ids(), ElementsAre(7));
    now += 61s;
    EXPECT_THAT(ids(), IsEmpty());
    now += 61s;
    EXPECT_THAT(ids(), IsEmpty());
    ASSERT_EQ(poll.settled(), 7U);
    table.rows = {{1, "b"}};
    EXPECT_THAT(ids(), ElementsAre(1));
}

TEST_F(RsyslogPoll, WhatLiesBehindIsReadInPiecesInOrder) {
    for (std::uint64_t id = 1; id <= 2500; ++id)
        table.rows[id] = "x";
    table.rows[3 * Poll::widest] = "far";
    std::vector<std::uint64_t> read;
    ASSERT_TRUE(read_between(table, 100, 4 * Poll::widest, [&](const Row& row) { read.push_back(row.id); }));
    ASSERT_EQ(read.size(), 2401U);
    EXPECT_EQ(read.front(), 101U);
    EXPECT_EQ(read.back(), 3 * Poll::widest);
    EXPECT_TRUE(std::is_sorted(read.begin(), read.end()));
    EXPECT_LE(table.widest_asked, Poll::widest);
}

}  // namespace
}  // namespace garita::rsyslog_db
