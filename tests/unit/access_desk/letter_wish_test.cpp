#include "access/letter_wish.hpp"

#include <gtest/gtest.h>

namespace garita::access {
namespace {

using Kind = LetterWish::Kind;

TEST(LetterWish, KillNamesARequest) {
    for (const auto* said : {"KILL A17", "kill a17", "KILL 17", "Kill task A17", "KILL #17", "KILL <A17>.",
                             "\n\n  KILL   A17  \nthanks\nana", "KILL: A17", "kill request A17, please"}) {
        const auto wish = read_wish(said);
        EXPECT_EQ(wish.kind, Kind::kill) << said;
        EXPECT_EQ(wish.request, AccessId{17}) << said;
    }
}

TEST(LetterWish, KillOfNothingIsUnclear) {
    for (const auto* said : {"KILL", "kill it", "KILL\nA17", "KILL task_1234__001122334455__2026-11-23",
                             "KILL A99999999999999999999", "KILL A", "KILL please the request A17"})
        EXPECT_EQ(read_wish(said).kind, Kind::unclear) << said;
}

TEST(LetterWish, ReportStandsAlone) {
    for (const auto* said : {"REPORT", "report", " Report. \n\nThanks", "\nREPORT\n"})
        EXPECT_EQ(read_wish(said).kind, Kind::report) << said;
    for (const auto* said : {"Report of today: approved 0011.2233.4455", "REPORTS", "", "  ",
                             "see the report", "approved: 0011.2233.4455", "skill A17", "killed A17"})
        EXPECT_EQ(read_wish(said).kind, Kind::other) << said;
}

}  // namespace
}  // namespace garita::access
