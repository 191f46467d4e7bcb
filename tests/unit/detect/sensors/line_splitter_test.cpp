#include "detect/line_splitter.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace garita::detect {
namespace {

using Lines = std::vector<std::pair<std::string, std::uint64_t>>;

TEST(LineSplitter, PortionsOfAnySizeGiveTheSameLines) {
    std::mt19937 random(7);
    std::string text;
    for (int i = 0; i < 2000; ++i) {
        text.append(random() % 40, static_cast<char>('a' + i % 26));
        text.push_back('\n');
    }
    Lines whole;
    LineSplitter at_once(32);
    at_once.feed(text, 0,
                 [&](std::string_view line, std::uint64_t at, LineEnd) { whole.emplace_back(line, at); });
    Lines pieces;
    LineSplitter splitter(32);
    for (std::size_t at = 0; at < text.size();) {
        const auto size = std::min<std::size_t>(1 + random() % 50, text.size() - at);
        splitter.feed(
            std::string_view(text).substr(at, size), at,
            [&](std::string_view line, std::uint64_t offset, LineEnd) { pieces.emplace_back(line, offset); });
        at += size;
    }
    EXPECT_EQ(whole.size(), 2000U);
    EXPECT_EQ(whole, pieces);
    EXPECT_EQ(splitter.resume_at(text.size()), text.size());
}

TEST(LineSplitter, ALineOfExactlyTheLimitIsWhole) {
    std::vector<LineEnd> ends;
    LineSplitter splitter(4);
    const auto emit = [&](std::string_view, std::uint64_t, LineEnd end) { ends.push_back(end); };
    splitter.feed("1234\n12345\n", 0, emit);
    EXPECT_EQ(ends, (std::vector{LineEnd::newline, LineEnd::cut}));
}

TEST(LineSplitter, ReadingAgainBeginsWhereTheUnfinishedLineBegan) {
    LineSplitter splitter(4);
    const auto emit = [](std::string_view, std::uint64_t, LineEnd) {};
    splitter.feed("ab\ncd", 100, emit);
    EXPECT_EQ(splitter.resume_at(105), 103U);
    splitter.feed("efghijk", 105, emit);  // too long: given and then skipped
    EXPECT_EQ(splitter.resume_at(112), 103U);
    splitter.feed("\n", 112, emit);
    EXPECT_EQ(splitter.resume_at(113), 113U);
}

}  // namespace
}  // namespace garita::detect
