#include "model/foreign_text.hpp"

#include <gtest/gtest.h>

namespace garita {
namespace {

TEST(ForeignText, TellsWhatIsDangerous) {
    const auto danger = [](std::string_view text) { return risk_of(first_character(text)); };
    for (const auto* fine : {"a", " ", "\u00f1", "\u0416", "\u65e5", "\U0001F600"})
        EXPECT_EQ(danger(fine), CharacterRisk::none) << fine;
    for (const auto* control : {"\n", "\x1b", "\x7f", "\u0085", "\u2028", "\u2029"})
        EXPECT_EQ(danger(control), CharacterRisk::control);
    for (const auto* hidden :
         {"\u00ad", "\u061c", "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\U000E0041"})
        EXPECT_EQ(danger(hidden), CharacterRisk::hidden);
    for (const auto* broken : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"})
        EXPECT_EQ(danger(broken), CharacterRisk::broken);
}

TEST(ForeignText, KeepsItsLimitWhateverStandsInForWhat) {
    const auto replace = [](std::string& out, const Character&, std::string_view) { out += "<danger>"; };
    const auto mark = [](std::string& out, std::size_t left_out) { out += '+' + std::to_string(left_out); };
    const Cleaning bytes{Cleaning::Measure::bytes, 10, 0, replace, mark};
    EXPECT_EQ(clean_text("abcdefghij", bytes), "abcdefghij");
    EXPECT_EQ(clean_text("abcdefghijk", bytes), "abcdefghij+1");
    EXPECT_EQ(clean_text("ab\ncd", bytes), "ab<danger>+2");
    EXPECT_EQ(clean_text("abc\ncd", bytes), "abc+3") << "what stands in is whole or not there";
    const Cleaning units{Cleaning::Measure::utf16_units, 3, 1, replace, mark};
    EXPECT_EQ(clean_text("\U0001F600a", units), "\U0001F600a");
    EXPECT_EQ(clean_text("a\U0001F600b", units), "a+5") << "room for the mark is kept";
}

}  // namespace
}  // namespace garita
