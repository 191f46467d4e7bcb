#include "runtime/shell/telnet_codec.hpp"

#include <gtest/gtest.h>

namespace garita::runtime {
namespace {

using namespace std::string_literals;

const std::string do_kind = "\xff\xfd\x18"s;
const std::string will_echo = "\xff\xfb\x01"s;

TEST(TelnetCodec, TextGoesThrough) {
    TelnetCodec codec;
    EXPECT_EQ(codec.decode("User\r\nName\r\0x\xff\xff!"s), "User\r\nName\rx\xff!");
    EXPECT_EQ(codec.take_replies(), "");
    EXPECT_EQ(TelnetCodec::encode("a\r\xff"), "a\r\0\xff\xff"s);
}

TEST(TelnetCodec, AgreesToWhatATerminalNeeds) {
    TelnetCodec codec;
    EXPECT_EQ(codec.decode(will_echo + "\xff\xfb\x03" + do_kind + "\xff\xfd\x1fhello"s), "hello");
    EXPECT_EQ(codec.take_replies(),
              "\xff\xfd\x01"
              "\xff\xfd\x03"
              "\xff\xfb\x18"
              "\xff\xfb\x1f"
              "\xff\xfa\x1f\x01\xfe\x00\xc8\xff\xf0"s);
    EXPECT_EQ(codec.decode("\xff\xfa\x18\x01\xff\xf0"s), "");
    EXPECT_EQ(codec.take_replies(), "\xff\xfa\x18\x00vt100\xff\xf0"s);
}

TEST(TelnetCodec, DeclinesTheRestAndNeverTwice) {
    TelnetCodec codec;
    (void)codec.decode("\xff\xfd\x27\xff\xfb\x22"s);
    EXPECT_EQ(codec.take_replies(), "\xff\xfc\x27\xff\xfe\x22"s);
    for (int i = 0; i < 100; ++i)
        (void)codec.decode("\xff\xfd\x27\xff\xfb\x22" + will_echo + "\xff\xfe\x05\xff\xfc\x06"s);
    EXPECT_EQ(codec.take_replies(), "\xff\xfd\x01"s);
}

TEST(TelnetCodec, ItDoesNotMatterHowTheBytesWereCut) {
    const auto all =
        will_echo + "one\r\0\xff\xfa\x18\x01\xff\xff\x01\xff\xf0two\xff\xf1" + do_kind + "\xff\xff"s;
    TelnetCodec whole;
    const auto text = whole.decode(all);
    const auto replies = whole.take_replies();
    for (std::size_t cut = 1; cut < all.size(); ++cut) {
        TelnetCodec codec;
        auto pieces = codec.decode(all.substr(0, cut));
        pieces += codec.decode(all.substr(cut));
        EXPECT_EQ(pieces, text) << cut;
        EXPECT_EQ(codec.take_replies(), replies) << cut;
    }
}

TEST(TelnetCodec, EndlessDetailsTakeNoRoom) {
    TelnetCodec codec;
    (void)codec.decode("\xff\xfa\x18"s + std::string(1'000'000, '\x01'));
    EXPECT_EQ(codec.decode("\xff\xf0x"s), "x");
    EXPECT_EQ(codec.take_replies(), "");
}

}  // namespace
}  // namespace garita::runtime
