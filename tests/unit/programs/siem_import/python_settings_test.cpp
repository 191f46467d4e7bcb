#include "programs/siem_import/python_settings.hpp"

#include <gtest/gtest.h>

namespace garita::programs {
namespace {

std::string text(const PythonSettings& settings, std::string_view name) {
    const auto* const found = settings.find(name);
    const auto* const value = found == nullptr ? nullptr : std::get_if<std::string>(&found->value);
    return value == nullptr ? "(no text)" : *value;
}
double number(const PythonSettings& settings, std::string_view name) {
    const auto* const found = settings.find(name);
    const auto* const value = found == nullptr ? nullptr : std::get_if<double>(&found->value);
    return value == nullptr ? -999 : *value;
}

TEST(PythonSettings, TextsInAllQuotings) {
    const auto read = read_python_settings(R"PY(a = 'it\'s'  # a comment
b = "x # no comment"
c = '''two
lines'''
d = r'C:\new'
e = u"\u043f\x41\n"
f = ("one "
     'two' "three")  # put together
g = 'a' 'b' \
    'c'
h: str = "typed"
i = ""; j = "k"
)PY");
    EXPECT_EQ(text(read, "a"), "it's");
    EXPECT_EQ(text(read, "b"), "x # no comment");
    EXPECT_EQ(text(read, "c"), "two\nlines");
    EXPECT_EQ(text(read, "d"), "C:\\new");
    EXPECT_EQ(text(read, "e"),
              "\xD0\xBF"
              "A\n");
    EXPECT_EQ(text(read, "f"), "one twothree");
    EXPECT_EQ(text(read, "g"), "abc");
    EXPECT_EQ(text(read, "h"), "typed");
    EXPECT_EQ(text(read, "i"), "");
    EXPECT_EQ(text(read, "j"), "k");
    EXPECT_TRUE(read.not_understood.empty());
}

TEST(PythonSettings, NumbersTruthsAndWhatIsOnlyThere) {
    const auto read = read_python_settings(
        "a = 3\r\nb = -1_000\r\nc = 0.5\nd = True\ne = None\nf = {'x': [1, (2,)], 'y': None}\n"
        "g = timedelta(hours=3)\nh = datetime.timedelta( hours = -5 )\ni = (7)\nj = (7,)\na = 4\n");
    EXPECT_EQ(number(read, "a"), 4) << "the last one counts";
    EXPECT_EQ(number(read, "b"), -1000);
    EXPECT_EQ(number(read, "c"), 0.5);
    EXPECT_EQ(read.find("d")->value, PythonValue(true));
    EXPECT_EQ(read.find("e")->value, PythonValue());
    EXPECT_EQ(read.find("f")->value, PythonValue(PythonOther{}));
    EXPECT_EQ(number(read, "g"), 3);
    EXPECT_EQ(number(read, "h"), -5);
    EXPECT_EQ(number(read, "i"), 7);
    EXPECT_EQ(read.find("j")->value, PythonValue(PythonOther{}));
    EXPECT_EQ(read.find("j")->line, 10);
    EXPECT_EQ(read.find("z"), nullptr);
    EXPECT_TRUE(read.not_understood.empty());
}

TEST(PythonSettings, APasswordThatIsQuotedForTheFormIsReadAsItIsSent) {
    const auto read = read_python_settings(
        "a = urllib.parse.quote(\"SI3M-P@$$w0rd\")\nb = quote('100%+1 ')\nc = quote_plus( 'x' 'y' )\n"
        "d = quote(input())\ne = quote(5)\nf = quote('x', safe='')\ng = quote('x'\n");
    EXPECT_EQ(text(read, "a"), "SI3M-P@$$w0rd");
    EXPECT_EQ(text(read, "b"), "100%25%2B1 ");
    EXPECT_EQ(text(read, "c"), "xy");
    EXPECT_EQ(read.not_understood, (std::vector<int>{4, 5, 6, 7}));
}

TEST(PythonSettings, WhatRunsIsNamedByItsLineAndNotRead) {
    const auto read = read_python_settings(
        "import os\nfrom a import b\na = os.getenv('X')\nif a:\n    b = 1\nc = 1 + 1\nd == 2\ne = f'{a}'\n"
        "g = open('x').read()\nh = 'not closed\ni = 5\n");
    EXPECT_EQ(read.not_understood, (std::vector<int>{3, 4, 6, 7, 8, 9, 10}));
    EXPECT_EQ(number(read, "i"), 5);
    EXPECT_EQ(read.find("b"), nullptr) << "nobody knows whether it counts";
}

TEST(PythonSettings, AnyBytesEndInTime) {
    EXPECT_TRUE(read_python_settings("").all.empty());
    EXPECT_TRUE(read_python_settings(std::string(1000, '\0')).all.empty());
    EXPECT_TRUE(read_python_settings("a = '''never closed").all.empty());
    EXPECT_TRUE(read_python_settings("a = '\\").all.empty());
    EXPECT_TRUE(read_python_settings("a = '\\u12'").all.empty());
    EXPECT_TRUE(read_python_settings("a = \\").all.empty());
    EXPECT_TRUE(read_python_settings("a = " + std::string(1'000'000, '[')).all.empty());
    EXPECT_TRUE(read_python_settings("a = timedelta(hours=").all.empty());
    std::string many;
    for (int i = 0; i < 100'000; ++i)
        many += "x(\n";
    EXPECT_LE(read_python_settings(many).not_understood.size(), 100U);
    EXPECT_EQ(text(read_python_settings("\xEF\xBB\xBF"
                                        "a = '\xff'"),
                   "a"),
              "\xff");
}

}  // namespace
}  // namespace garita::programs
