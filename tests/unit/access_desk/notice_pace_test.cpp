// Whoever floods the mailbox does not flood people.

#include "access/notice_pace.hpp"

#include <gtest/gtest.h>

namespace garita::access {
namespace {

using namespace std::chrono_literals;

constexpr Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 12h};

TEST(NoticePace, OneAnHourOfASenderAndKind) {
    NoticePace pace;
    EXPECT_TRUE(pace.take(NoticeKind::outsider, "eve@example.net", noon));
    EXPECT_FALSE(pace.take(NoticeKind::outsider, "eve@example.net", noon + 59min));
    EXPECT_TRUE(pace.take(NoticeKind::unproven, "eve@example.net", noon + 59min));
    EXPECT_TRUE(pace.take(NoticeKind::outsider, "eve@example.net", noon + 1h));
}

TEST(NoticePace, WhatWasNotToldIsCountedAndTheCountToldAnHourLater) {
    NoticePace pace;
    for (int i = 0; i < 4; ++i)
        (void)pace.take(NoticeKind::outsider, "eve@example.net", noon + i * 1min);
    EXPECT_EQ(pace.next_due(), noon + 61min);
    EXPECT_FALSE(pace.due(noon + 60min));
    const auto counted = pace.due(noon + 61min);
    ASSERT_TRUE(counted);
    EXPECT_EQ(counted->letters, 3U);
    EXPECT_EQ(counted->lines, "3  outsider  eve@example.net\n");
    EXPECT_FALSE(pace.next_due());
    EXPECT_FALSE(pace.due(noon + 10h));
}

TEST(NoticePace, ManySendersAreBoundedToo) {
    NoticePace pace;
    std::size_t told = 0;
    for (int i = 0; i < 10'000; ++i)
        told += pace.take(NoticeKind::outsider, "eve" + std::to_string(i) + "@example.net", noon) ? 1U : 0U;
    EXPECT_EQ(told, NoticePace::most_told);
    EXPECT_LT(pace.text().size(), 10'000U);
    const auto counted = pace.due(noon + 1h);
    ASSERT_TRUE(counted);
    EXPECT_EQ(counted->letters, 10'000 - NoticePace::most_told);
    EXPECT_TRUE(counted->lines.starts_with("9930  outsider  *\n")) << counted->lines.substr(0, 50);
}

TEST(NoticePace, IsKeptAsText) {
    NoticePace pace;
    EXPECT_TRUE(pace.take(NoticeKind::outsider, "eve@example.net", noon));
    EXPECT_FALSE(pace.take(NoticeKind::outsider, "eve@example.net", noon));
    EXPECT_TRUE(pace.take(NoticeKind::broken, "", noon));
    auto again = NoticePace::parse(pace.text());
    EXPECT_EQ(again.text(), pace.text());
    EXPECT_FALSE(again.take(NoticeKind::outsider, "eve@example.net", noon));
    EXPECT_EQ(again.next_due(), noon + 1h);
    for (const auto* foreign : {"", "nonsense", "told a b c\ncounted x", "since -1\n",
                                "told\n\n\ncounted x y 99999999999999999999"})
        EXPECT_EQ(NoticePace::parse(foreign).text(), "") << foreign;
}

TEST(NoticePace, AClockThatWasSetBackSilencesNothing) {
    NoticePace pace;
    EXPECT_TRUE(pace.take(NoticeKind::outsider, "eve@example.net", noon + 1000h));
    EXPECT_TRUE(pace.take(NoticeKind::outsider, "eve@example.net", noon));
    EXPECT_FALSE(pace.take(NoticeKind::outsider, "eve@example.net", noon));
    EXPECT_EQ(pace.next_due(), noon + 1h);
}

}  // namespace
}  // namespace garita::access
