#include "decide/foreign_text.hpp"

#include <gtest/gtest.h>

namespace garita::decide {
namespace {

TEST(ForeignText, KeepsWhatPeopleWrite) {
    EXPECT_EQ(clean_line("root"), "root");
    EXPECT_EQ(clean_line("Мария <b>&amp; *_`"), "Мария <b>&amp; *_`");
    EXPECT_EQ(clean_line("😀"), "😀");
}

TEST(ForeignText, TakesAwayWhatWouldDeceive) {
    EXPECT_EQ(clean_line("a\nb\r\tc\x1b[31m\x7f"), "a b  c [31m ");
    EXPECT_EQ(clean_line("a\u202Eb\u200Bc\uFEFF"), "abc");
    EXPECT_EQ(clean_line("a\u0085b\u2028c"), "a b c");
    EXPECT_EQ(clean_line(std::string_view("a\0b", 3)), "a b");
    EXPECT_EQ(clean_line("a\xff\xc0\x80z"), "a\uFFFD\uFFFD\uFFFDz");
    EXPECT_EQ(clean_line("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD") << "half of a surrogate pair";
}

TEST(ForeignText, CutsLinesAtACharactersEdge) {
    EXPECT_EQ(clean_line("abcdef", 6), "abcdef");
    EXPECT_EQ(clean_line("abcdefg", 6), "abcde…");
    EXPECT_EQ(clean_line("abcd😀😀", 6), "abcd…") << "a character of two units";
    EXPECT_LE(utf16_length(clean_line("😀😀😀😀", 5)), 5U);
}

TEST(ForeignText, CountsAndCutsInUtf16Units) {
    EXPECT_EQ(utf16_length(""), 0U);
    EXPECT_EQ(utf16_length("añ€"), 3U);
    EXPECT_EQ(utf16_length("😀"), 2U);
    EXPECT_EQ(cut_utf16("a😀b", 1), "a");
    EXPECT_EQ(cut_utf16("a😀b", 2), "a");
    EXPECT_EQ(cut_utf16("a😀b", 3), "a😀");
    EXPECT_EQ(cut_utf16("a😀b", 99), "a😀b");
    EXPECT_EQ(cut_utf16("abc", 0), "");
}

}  // namespace
}  // namespace garita::decide
