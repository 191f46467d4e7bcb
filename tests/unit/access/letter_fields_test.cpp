#include "access/letter_fields.hpp"

#include <gtest/gtest.h>

namespace garita::access {
namespace {

TEST(LetterFields, AreSplitFromTheBody) {
    const std::string text =
        "From: a@b.c\r\nSubject: one\r\n two\r\n\tthree\r\nfrom : x\r\n\r\nbody\r\n\r\nmore";
    const auto letter = split_letter(text);
    ASSERT_TRUE(letter);
    ASSERT_EQ(letter->fields.size(), 3U);
    EXPECT_EQ(letter->fields[1].name, "subject");
    EXPECT_EQ(letter->fields[1].value, "one two three");
    EXPECT_EQ(letter->fields[1].raw, "Subject: one\r\n two\r\n\tthree");
    EXPECT_EQ(letter->count("from"), 2U);
    EXPECT_EQ(letter->value("from"), "a@b.c");
    EXPECT_EQ(letter->body, "body\r\n\r\nmore");
}

TEST(LetterFields, BrokenHeadsAreRefused) {
    for (const std::string& text : {std::string("no colon\r\n\r\n"), std::string(" continued\r\n\r\n"),
                                    std::string(": no name\r\n\r\n"), std::string("A: b\rc\r\n\r\n"),
                                    std::string("A: b\nc: d\r\n\r\n"), std::string("A: b\0c\r\n\r\n", 9),
                                    std::string("A B: c\r\n\r\n"), std::string("\xD0\x90: c\r\n\r\n")})
        EXPECT_FALSE(split_letter(text)) << text;
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "A: b\r\n";
    EXPECT_FALSE(split_letter(many));
    EXPECT_FALSE(split_letter("A: " + std::string(1'000'000, 'x')));
    EXPECT_TRUE(split_letter(""));
    EXPECT_TRUE(split_letter("\r\nbody"));
}

TEST(LetterFields, LineEndsBecomeThoseOfMail) {
    EXPECT_EQ(with_mail_line_ends("a\nb\r\nc\rd\n"), "a\r\nb\r\nc\rd\r\n");
}

TEST(LetterFields, ParametersAreRead) {
    const auto field =
        parse_parameters("Multipart/Signed; Boundary=\"a;\\\"b\"; protocol=x ; empty; micalg=y");
    EXPECT_EQ(field.value, "multipart/signed");
    EXPECT_EQ(field.parameter("boundary"), "a;\"b");
    EXPECT_EQ(field.parameter("protocol"), "x");
    EXPECT_EQ(field.parameter("micalg"), "y");
    EXPECT_EQ(field.parameter("empty"), "");
    EXPECT_EQ(parse_parameters("text/plain").value, "text/plain");
    EXPECT_EQ(parse_parameters("").value, "");
    EXPECT_EQ(parse_parameters("a; b=\"never ended").parameter("b"), "never ended");
}

}  // namespace
}  // namespace garita::access
