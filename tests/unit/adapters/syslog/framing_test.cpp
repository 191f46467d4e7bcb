#include "adapters/syslog/framing.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::syslog {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using Messages = std::vector<std::string>;

struct Read {
    explicit Read(std::size_t longest = 64) : framing(longest) {}
    Framing framing;
    Messages messages;
    Framing::State feed(std::string_view bytes) {
        return framing.feed(bytes, [this](std::string_view message) { messages.emplace_back(message); });
    }
    void end() {
        framing.end([this](std::string_view message) { messages.emplace_back(message); });
    }
};

const std::string mixed =
    "<1>line\r\n5 <1>ab7 <1>abcd<2>next\n\n\n41: *Mar 1\n12 not a count\n9 <1>\nabc\nx\n123\n00\n7 <1>last\n";
const Messages read_of_mixed = {"<1>line",        "<1>ab",       "<1>abcd", "<2>next", "41: *Mar 1",
                                "12 not a count", "<1>\nabc\nx", "123",     "00",      "<1>last"};

TEST(SyslogFraming, EachMessageMayBeCountedOrALine) {
    Read read;
    EXPECT_EQ(read.feed(mixed), Framing::State::going_on);
    EXPECT_THAT(read.messages, ElementsAreArray(read_of_mixed));
    EXPECT_EQ(read.framing.kept(), 0U);
}

TEST(SyslogFraming, EveryCutIntoTwoAndThreePiecesReadsTheSame) {
    for (std::size_t first = 0; first <= mixed.size(); ++first)
        for (std::size_t second = first; second <= mixed.size(); ++second) {
            Read read;
            read.feed(mixed.substr(0, first));
            read.feed(mixed.substr(first, second - first));
            read.feed(mixed.substr(second));
            ASSERT_THAT(read.messages, ElementsAreArray(read_of_mixed)) << first << " " << second;
        }
}

TEST(SyslogFraming, ByteByByteReadsTheSame) {
    Read read;
    for (const char byte : mixed)
        read.feed(std::string_view(&byte, 1));
    EXPECT_THAT(read.messages, ElementsAreArray(read_of_mixed));
}

TEST(SyslogFraming, TooLongIsCutAndTheNextOneIsWhole) {
    const auto stream =
        std::string(200, 'a') + "\n100 <1>" + std::string(97, 'b') + "<1>c\n" + std::string(64, 'd') + "\n";
    for (const std::size_t step : {1UL, 7UL, 63UL, 64UL, 65UL, 1000UL}) {
        Read read;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            read.feed(std::string_view(stream).substr(at, step));
            ASSERT_LE(read.framing.kept(), 72U);
        }
        EXPECT_THAT(read.messages, ElementsAre(std::string(64, 'a'), "<1>" + std::string(61, 'b'), "<1>c",
                                               std::string(64, 'd')))
            << step;
        EXPECT_EQ(read.framing.cut(), 2U);
    }
}

TEST(SyslogFraming, ALyingCountIsTheEnd) {
    Read read;
    EXPECT_EQ(read.feed("<1>a\n65537 <1>b"), Framing::State::broken);
    EXPECT_THAT(read.messages, ElementsAre("<1>a"));
    Read digits;
    EXPECT_EQ(digits.feed(std::string(100000, '9')), Framing::State::going_on);
    EXPECT_LE(digits.framing.kept(), 72U);
}

TEST(SyslogFraming, EndOfTheStream) {
    Read line;
    line.feed("<1>a\n<1>unfinished");
    line.end();
    EXPECT_THAT(line.messages, ElementsAre("<1>a", "<1>unfinished"));
    Read counted;
    counted.feed("20 <1>unfinished");
    counted.end();
    EXPECT_TRUE(counted.messages.empty());
}

}  // namespace
}  // namespace garita::syslog
