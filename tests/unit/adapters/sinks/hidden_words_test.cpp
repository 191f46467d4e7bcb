// What an answer may repeat, and nobody is to read in a log.

#include "adapters/sinks/hidden_words.hpp"

#include <gmock/gmock.h>

namespace garita::sinks {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(HiddenWords, ATokenIsHiddenWithoutItsSchemeToo) {
    EXPECT_THAT(hidden_words("", "/", {{"Authorization", runtime::Secret("Bearer tk_not_to_be_shown")}}),
                ElementsAre("Bearer tk_not_to_be_shown", "tk_not_to_be_shown"));
}

TEST(HiddenWords, ThePartsOfAPathThatAreNoWordsAreHidden) {
    const auto words = hidden_words("", "/services/T00000001/B1/abcdefABCDEF0123?sig=0123456789abcdef", {});
    EXPECT_THAT(words, Contains("abcdefABCDEF0123"));
    EXPECT_THAT(words, Contains("0123456789abcdef"));
    EXPECT_THAT(words, Not(Contains("services")));
    EXPECT_EQ(words.front(), "/services/T00000001/B1/abcdefABCDEF0123?sig=0123456789abcdef")
        << "longest first";
}

TEST(HiddenWords, APasswordIsHiddenWithoutItsUser) {
    EXPECT_THAT(hidden_words("ana:open-sesame", "/", {}), ElementsAre("ana:open-sesame", "open-sesame"));
}

TEST(HiddenWords, WhatIsTooShortToBeASecretHidesNothing) {
    EXPECT_THAT(hidden_words("", "/", {{"X-Priority", runtime::Secret("4")}}), IsEmpty());
    EXPECT_THAT(hidden_words("", "", {}), IsEmpty());
}

}  // namespace
}  // namespace garita::sinks
