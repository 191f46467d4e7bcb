#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/rule_class.hpp"

namespace garita {
namespace {

using testing::HasSubstr;

std::string mac(std::string_view text) {
    const auto read = MacAddress::parse(text);
    return read ? read->text() : "none";
}

TEST(MacAddresses, AreReadInFourForms) {
    for (const auto* const text :
         {"00:53:00:AB:cd:ef", "00-53-00-ab-cd-ef", "0053.00ab.CDEF", "005300abcdef"})
        EXPECT_EQ(mac(text), "00:53:00:ab:cd:ef") << text;
}

TEST(MacAddresses, NothingElseIsOne) {
    for (const auto* const text :
         {"", "00:53:00:ab:cd", "00:53:00:ab:cd:ef:01", "00:53-00:ab:cd:ef", "0053:00ab:cdef",
          "0053.00ab.cde", "00:53:00:ab:cd:eg", "005300abcde ", " 05300abcdef", "0:053:00:ab:cd:ef",
          "00:53:00:ab:cd:e:", "0053..0abcdef", "0x5300abcdef"})
        EXPECT_EQ(mac(text), "none") << text;
}

std::string rate(std::string_view text) {
    const auto read = BitRate::parse(text);
    return read ? read->text() : "none";
}

TEST(Rates, AreBitsASecondWithTheirUnit) {
    EXPECT_EQ(BitRate::parse("10Mbit"), BitRate{10'000'000});
    EXPECT_EQ(BitRate::parse("512kbit"), BitRate{512'000});
    EXPECT_EQ(BitRate::parse("1.5Gbit"), BitRate{1'500'000'000});
    EXPECT_EQ(BitRate::parse("800bit"), BitRate{800});
    EXPECT_EQ(BitRate::parse("0.001kbit"), BitRate{1});
    EXPECT_EQ(BitRate::parse("10MBIT"), BitRate{10'000'000}) << "as tc writes it";
    EXPECT_EQ(BitRate::parse("2Tbit"), BitRate{2'000'000'000'000});
    EXPECT_EQ(BitRate::parse("18446744073709551615bit"), BitRate{18446744073709551615ULL});
}

TEST(Rates, AreWrittenInTheLargestUnitWithoutAFraction) {
    EXPECT_EQ(rate("1.5Mbit"), "1500kbit");
    EXPECT_EQ(rate("1000kbit"), "1Mbit");
    EXPECT_EQ(rate("1000000bit"), "1Mbit");
    EXPECT_EQ(rate("1001bit"), "1001bit");
    EXPECT_EQ(rate("1000Gbit"), "1Tbit");
    EXPECT_EQ(rate("0.5kbit"), "500bit");
}

TEST(Rates, WhatMayMeanBytesOrNothingIsRefused) {
    for (const auto* const text : {"",
                                   "10",
                                   "10mbps",
                                   "10M",
                                   "10MB",
                                   "Mbit",
                                   "-1Mbit",
                                   "+1Mbit",
                                   "1e3bit",
                                   "1,5Mbit",
                                   ".5Mbit",
                                   "5.Mbit",
                                   "1.5bit",
                                   "1.0001kbit",
                                   "1.2.3Mbit",
                                   "01Mbit",
                                   "0Mbit",
                                   "0.0kbit",
                                   "10 Mbit",
                                   "10Mbit ",
                                   "0x10bit",
                                   "18446744073709551616bit",
                                   "18446744073709552Tbit",
                                   "99999999999999999999999999999999999Gbit"})
        EXPECT_EQ(rate(text), "none") << text;
}

ParamSpec of_type(ParamType type) {
    ParamSpec spec;
    spec.name = "it";
    spec.type = type;
    return spec;
}

/// The canonical text, or "refused: WHY".
std::string read(const ParamSpec& spec, std::string_view text) {
    const auto value = parse_value(spec, text);
    return value ? to_text(*value) : "refused: " + value.error().text;
}

std::string read(ParamType type, std::string_view text) {
    return read(of_type(type), text);
}

TEST(Parameters, AreWrittenInOneForm) {
    EXPECT_EQ(read(ParamType::address, "192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(read(ParamType::address, "2001:DB8:0:0::7"), "2001:db8::7");
    EXPECT_EQ(read(ParamType::address, "::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(read(ParamType::network, "192.0.2.7/32"), "192.0.2.7");
    EXPECT_EQ(read(ParamType::network, "2001:db8:0::/48"), "2001:db8::/48");
    EXPECT_EQ(read(ParamType::mac, "0053.00AB.CDEF"), "00:53:00:ab:cd:ef");
    EXPECT_EQ(read(ParamType::port, "443"), "443");
    EXPECT_EQ(read(ParamType::mark, "0xFF"), "255");
    EXPECT_EQ(read(ParamType::mark, "0"), "0");
    EXPECT_EQ(read(ParamType::mark, "4294967295"), "4294967295");
    EXPECT_EQ(read(ParamType::rate, "1.5Mbit"), "1500kbit");
    EXPECT_EQ(read(ParamType::interface, "eth0.100"), "eth0.100");
    EXPECT_EQ(read(ParamType::interface, "abcdefghijklmno"), "abcdefghijklmno");
    EXPECT_EQ(read(ParamType::text, "a{b}\"c\""), "a{b}\"c\"");
}

struct Refused {
    ParamType type;
    std::string_view text;
    std::string_view why;
};

TEST(Parameters, ARefusalSaysWhatIsAllowed) {
    for (const auto& [type, text, why] : std::initializer_list<Refused>{
             {ParamType::address, "192.0.2.0/24", "'192.0.2.0/24' is not an address: 192.0.2.7 or"},
             {ParamType::address, "", "'' is not an address"},
             {ParamType::network, "192.0.2.1/24", "nothing beyond the prefix"},
             {ParamType::network, "192.0.2.0/33", "is not a network"},
             {ParamType::mac, "00:53", "00:53:00:ab:cd:ef"},
             {ParamType::mac, "01:00:5e:00:00:01", "no single host's"},
             {ParamType::mac, "00:00:00:00:00:00", "no single host's"},
             {ParamType::port, "0", "1 to 65535"},
             {ParamType::port, "65536", "1 to 65535"},
             {ParamType::port, "080", "1 to 65535"},
             {ParamType::port, "+80", "1 to 65535"},
             {ParamType::mark, "4294967296", "0 to 4294967295"},
             {ParamType::mark, "-1", "0 to 4294967295"},
             {ParamType::mark, "0x", "0 to 4294967295"},
             {ParamType::mark, "010", "0 to 4294967295"},
             {ParamType::rate, "10mbps", "'10mbps' is not a rate: bits a second with their unit"},
             {ParamType::interface, "-j", "the first no '.' or '-'"},
             {ParamType::interface, "abcdefghijklmnop", "1 to 15"},
             {ParamType::interface, "eth/0", "1 to 15"},
             {ParamType::text, "-x", "the first no '-'"},
             {ParamType::text, "a b", "without spaces"},
             {ParamType::text, "", "at least one"},
             {ParamType::text, "añb", "'a??b' is not allowed: printable ASCII"}})
        EXPECT_THAT(read(type, text), HasSubstr(why)) << text;
}

TEST(Parameters, HostileTextIsShownHarmlessAndShort) {
    const std::string hostile = "\x1b[2J\n" + std::string(5000, 'a');
    const auto why = read(ParamType::port, hostile);
    EXPECT_LT(why.size(), 200U);
    EXPECT_EQ(why.find('\x1b'), std::string::npos);
    EXPECT_EQ(why.find('\n'), std::string::npos);
}

TEST(Parameters, AWordIsOneOfItsList) {
    auto access = of_type(ParamType::word);
    access.words = {"open", "closed"};
    EXPECT_EQ(read(access, "closed"), "closed");
    EXPECT_EQ(read(access, "Open"), "refused: 'Open' is not one of open, closed");
    EXPECT_EQ(read(access, ""), "refused: '' is not one of open, closed");
}

TEST(Parameters, ATextMatchesItsPattern) {
    auto number = of_type(ParamType::text);
    number.pattern = "[a]+";
    number.matches = [](std::string_view text) {
        return text.find_first_not_of('a') == std::string_view::npos;
    };
    EXPECT_EQ(read(number, "aaa"), "aaa");
    EXPECT_EQ(read(number, "aab"), "refused: 'aab' is not allowed: it has to match [a]+");
}

TEST(Parameters, TypesAreCalledByTheirNames) {
    for (const auto type :
         {ParamType::address, ParamType::network, ParamType::mac, ParamType::port, ParamType::mark,
          ParamType::rate, ParamType::interface, ParamType::text, ParamType::word}) {
        EXPECT_FALSE(to_text(type).empty());
        EXPECT_EQ(parse_param_type(to_text(type)), type);
    }
    EXPECT_FALSE(parse_param_type("ip"));
}

}  // namespace
}  // namespace garita
