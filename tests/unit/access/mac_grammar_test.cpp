#include "access/mac_grammar.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::access {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> macs(std::string_view text) {
    std::vector<std::string> found;
    for (const auto& one : read_macs(text).named)
        found.push_back(one.address.text());
    return found;
}

constexpr const char* plain = "aa:bb:cc:dd:ee:ff";
constexpr const char* mixed = "00:1b:2c:3d:4e:5f";

TEST(MacGrammar, ReadsEveryNotation) {
    for (const auto* text :
         {"aa:bb:cc:dd:ee:ff", "aa-bb-cc-dd-ee-ff", "aa.bb.cc.dd.ee.ff", "aa bb cc dd ee ff",
          "aabb.ccdd.eeff", "aabb:ccdd:eeff", "aabb-ccdd-eeff", "aabb ccdd eeff", "aab.bcc.dde.eff",
          "aab:bcc:dde:eff", "aab-bcc-dde-eff", "aab bcc dde eff", "aabbccddeeff", "AABBCCDDEEFF",
          "AaBb.CcDd.eEfF", "aabbcc-ddeeff", "0xaabbccddeeff", "aa\tbb cc  dd ee ff", "aa:bb-cc:dd-ee:ff"})
        EXPECT_THAT(macs(text), ElementsAre(plain)) << text;
    for (const auto* text : {"00:1B:2C:3D:4E:5F", "00-1b-2c-3d-4e-5f", "001b.2c3d.4e5f", "001b2c3d4e5f",
                             "001-b2c-3d4-e5f", "00 1b 2c 3d 4e 5f", "001B 2C3D 4E5F"})
        EXPECT_THAT(macs(text), ElementsAre(mixed)) << text;
}

TEST(MacGrammar, ReadsLettersThatLookLikeHexadecimalDigits) {
    EXPECT_THAT(macs("ааВВ.ССdd.ееff"), ElementsAre(plain)) << "Cyrillic";
    EXPECT_THAT(macs("АА:ВВ:СС:DD:ЕЕ:FF"), ElementsAre(plain));
    EXPECT_THAT(macs("ООО1.ааbb.ссdd"), ElementsAre("00:01:aa:bb:cc:dd"));
    EXPECT_THAT(macs("Ооо1.ааbb.ссdd"), ElementsAre("00:01:aa:bb:cc:dd"));
    EXPECT_THAT(macs("OO1b.2c3d.4e5f"), ElementsAre(mixed)) << "Latin";
    EXPECT_THAT(macs("oo-1b-2c-3d-4e-5f"), ElementsAre(mixed));
}

TEST(MacGrammar, ReadsThemAnywhereInTheText) {
    for (const auto* text : {"aabb.ccdd.eeff",
                             " aabb.ccdd.eeff ",
                             "aabb.ccdd.eeff.",
                             "aabb.ccdd.eeff, thanks",
                             "approved:aabb.ccdd.eeff",
                             "approved: aabb.ccdd.eeff",
                             "(aabb.ccdd.eeff)",
                             "[aabb.ccdd.eeff]",
                             "<aabb.ccdd.eeff>",
                             "\"aabb.ccdd.eeff\"",
                             "'aabb.ccdd.eeff'",
                             "«aabb.ccdd.eeff»",
                             "“aabb.ccdd.eeff”",
                             "MAC=aabb.ccdd.eeff;",
                             "Is it aabb.ccdd.eeff?",
                             "aabb.ccdd.eeff!",
                             "–aabb.ccdd.eeff–",
                             "Please approve\naabb.ccdd.eeff\nAna",
                             "MAC aabbccddeeff.",
                             "ноутбук Иванова,aabb.ccdd.eeff",
                             "Одобрено:aabb.ccdd.eeff.Спасибо",
                             "aabb.ccdd.eeff-ноутбук",
                             "aabb.ccdd.eeff…",
                             "*aabb.ccdd.eeff*",
                             "mac-адрес:aabbccddeeff",
                             "MAC:\r\n  aabb.ccdd.eeff\r\n",
                             "aabb\xC2\xA0"
                             "ccdd\xC2\xA0"
                             "eeff",
                             "aa\xE2\x80\x91"
                             "bb-cc-dd-ee-ff",
                             "aabb.cc\xE2\x80\x8B"
                             "dd.eeff",
                             "approved: aabb.ccdd.eeff (aa:bb:cc:dd:ee:ff)"})
        EXPECT_EQ(the_one_mac(text).value_or(ApprovedMac{}).address.text(), plain) << text;
}

TEST(MacGrammar, ReadsGroupsWithBlanksAmongSpeech) {
    EXPECT_THAT(macs("the mac should be aa bb cc dd ee f1 of my laptop"), ElementsAre("aa:bb:cc:dd:ee:f1"));
    EXPECT_THAT(macs("Please add aab bcc dde ef1 today"), ElementsAre("aa:bb:cc:dd:ee:f1"));
    EXPECT_THAT(macs("все 001 b2c 3d4 e5f"), ElementsAre(mixed));
    EXPECT_THAT(macs("00 1b 2c\r\n3d 4e 5f"), ElementsAre(mixed)) << "a line broken by a mail program";
    EXPECT_THAT(macs("00 1b 2c 3d 4e 5f\naa bb cc dd ee ff"), ElementsAre(mixed, plain));
    EXPECT_THAT(macs("00 1b 2c 3d 4e 5f aa bb cc dd ee ff"), ElementsAre(mixed, plain));
    EXPECT_THAT(macs("add bad dad fed"), IsEmpty());
    EXPECT_THAT(macs("a bad cafe"), IsEmpty());
}

TEST(MacGrammar, ReadsEachOfSeveral) {
    EXPECT_THAT(macs("aabb.ccdd.eeff 001b.2c3d.4e5f"), ElementsAre(plain, mixed));
    EXPECT_THAT(macs("aabb.ccdd.eeff,001b.2c3d.4e5f"), ElementsAre(plain, mixed));
    EXPECT_THAT(macs("aabb.ccdd.eeff-001b.2c3d.4e5f"), ElementsAre(plain, mixed));
    EXPECT_THAT(macs("aabb.ccdd.eeff/001b.2c3d.4e5f"), ElementsAre(plain, mixed));
    EXPECT_THAT(macs("aa:bb:cc:dd:ee:ff\n00-1b-2c-3d-4e-5f\n0000.1111.2222"),
                ElementsAre(plain, mixed, "00:00:11:11:22:22"));
}

TEST(MacGrammar, TakesNothingElseForOne) {
    for (const auto* text :
         {// telephone numbers
          "8 495 123 45 67", "+7 495 123-45-67", "84951234567", "495123456789", "+49 123 456 789 012",
          "+33 01 23 45 67 89", "123-456-789-012", "tel. 123 456 789 012", "call 001122334455",
          // dates and times
          "202611230130", "2026-11-23 01:30:45", "23.11.2026 01:30", "26-11-23-01-30-45", "23-11-26-23-59-59",
          "2026:11:23:01:30:45", "20261123T013045Z",
          // addresses of networks
          "192.168.100.200", "10.20.30.40", "fe80::aabb:ccff:fedd:eeff", "fe80::aabb:ccdd:eeff",
          "2001:db8:aabb:ccdd:eeff:1122:3344:5566", "aabb:ccdd:eeff::", "aabb:ccdd:eeff::/48",
          "2001:db8::a1b2:c3d4:e5f6",
          // identifiers and digests
          "550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-4466554400aa",
          "d41d8cd98f00b204e9800998ecf8427e", "web-5d9f7c8b6d4f", "commit 1f3e5a7b9c0d",
          "https://example.org/t/0011aabbccdd", "https://example.org/?m=aa:bb:cc:dd:ee:ff",
          "0011aabbccdd@example.org", "<aabb.ccdd.eeff@example.org>", "aabbccddeeff00", "aabbccddee",
          "12:aa:bb:cc:dd:ee:ff", "aa:bb:cc:dd:ee", "aabb.ccdd.eeff.0011", "xaabb.ccdd.eeff",
          "aabb.ccdd.eeffx", "aabb..ccdd.eeff", "task_1234__aabbccddeeff__x", "4111 1111 1111 1111",
          "1234 5678 9012", "1234-5678-9012",
          "SHA1 Fingerprint=AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD",
          "  aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:\n  99:aa:bb:cc:dd:ee\n",
          "0000 de ad be ef 00 01 02 03 04 05 06 07 08 09 0a 0b", "", " ", "approved", "10 20 30 40 50 60",
          "gghh.iijj.kkll", "aabb.ccdd.eegg"})
        EXPECT_THAT(macs(text), IsEmpty()) << text;
}

TEST(MacGrammar, DecimalDigitsNeedTheNotationOrTheWord) {
    EXPECT_THAT(macs("0050.7966.6800"), ElementsAre("00:50:79:66:68:00"));
    EXPECT_THAT(macs("00:50:79:66:68:00"), ElementsAre("00:50:79:66:68:00"));
    EXPECT_THAT(macs("00-50-79-66-68-00"), ElementsAre("00:50:79:66:68:00"));
    for (const auto* text : {"MAC 005079666800", "MAC: 005079666800", "mac address is 005079666800",
                             "MAC-адрес: 005079666800", "мас 0050 7966 6800", "MAC address 005-079-666-800",
                             "MAC 00 50 79 66 68 00", "dirección MAC: 005079666800"})
        EXPECT_THAT(macs(text), ElementsAre("00:50:79:66:68:00")) << text;
    EXPECT_TRUE(read_macs("005079666800").doubtful);
    EXPECT_FALSE(read_macs("aabb.ccdd.eeff").doubtful);
    EXPECT_THAT(macs("MAC 192.168.100.200"), IsEmpty());
    EXPECT_THAT(macs("aabb.ccdd.eeff, Tel. 495123456789"), ElementsAre(plain));
}

TEST(MacGrammar, SaysWhereTheyStand) {
    const std::string text = "да: aabb.ccdd.eeff.";
    const auto reading = read_macs(text);
    ASSERT_EQ(reading.named.size(), 1U);
    EXPECT_EQ(text.substr(reading.named[0].begin, reading.named[0].end - reading.named[0].begin),
              "aabb.ccdd.eeff");
}

MacRefusal::Reason refusal(std::string_view text) {
    const auto one = the_one_mac(text);
    EXPECT_FALSE(one) << text;
    return one ? MacRefusal::Reason::none : one.error().reason;
}

TEST(MacGrammar, ExactlyOneIsApproved) {
    using Reason = MacRefusal::Reason;
    EXPECT_EQ(refusal("approved, thanks"), Reason::none);
    EXPECT_EQ(refusal("approved 495123456789"), Reason::doubtful);
    EXPECT_EQ(refusal("aabb.ccdd.eeff aabb.ccdd.ee00"), Reason::several);
    EXPECT_EQ(refusal("ffff.ffff.ffff"), Reason::broadcast);
    EXPECT_EQ(refusal("0000.0000.0000"), Reason::zero);
    EXPECT_EQ(refusal("0100.5e00.0001"), Reason::group);
    EXPECT_EQ(refusal("33:33:00:00:00:01"), Reason::group);
    const auto several = the_one_mac("aabb.ccdd.eeff, aabb.ccdd.ee00 and aa:bb:cc:dd:ee:ff");
    ASSERT_FALSE(several);
    EXPECT_EQ(several.error().named.size(), 2U) << "each once";
    EXPECT_EQ(to_text(Reason::several), "several");
}

TEST(MacGrammar, WarnsOfAddressesThatDevicesMakeUp) {
    EXPECT_TRUE(the_one_mac("da12.3456.789a")->randomised);
    EXPECT_TRUE(the_one_mac("aabb.ccdd.eeff")->randomised);
    EXPECT_FALSE(the_one_mac("001b.2c3d.4e5f")->randomised);
}

TEST(MacGrammar, ReadsMuchTextInBoundedTime) {
    std::string text;
    while (text.size() < 1'000'000)
        text += "aa:bb:cc:dd:ee:ff:aa:bb ab cd ef 12 .:-@ ";
    EXPECT_THAT(macs(text), IsEmpty());
    const std::string dots(1'000'000, ':');
    EXPECT_THAT(macs(dots + "aabb.ccdd.eeff"), testing::SizeIs(testing::Le(1U)));
}

}  // namespace
}  // namespace garita::access
