#include "model/rule_class.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/ready_classes.hpp"

namespace garita {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ParamSpec spec(std::string name, ParamType type) {
    ParamSpec made;
    made.name = std::move(name);
    made.type = type;
    return made;
}

std::vector<int> bytes_of(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

template <typename T>
std::string why(const Result<T>& result) {
    return result ? "nothing is wrong" : result.error().text;
}

RuleClass binding() {
    return {"binding",
            {spec("ip", ParamType::address), spec("mac", ParamType::mac), spec("on", ParamType::interface)},
            spec("value", ParamType::mark)};
}

TEST(RuleClasses, SeveralParametersStandWithOneSpaceBetween) {
    const auto rules = binding();
    const auto key = rules.read_params("192.0.2.7 0053.00ab.cdef eth0");
    ASSERT_TRUE(key) << why(key);
    EXPECT_EQ(rules.params_text(*key), "192.0.2.7 00:53:00:ab:cd:ef eth0");
    EXPECT_THAT(why(rules.read_params("192.0.2.7")), HasSubstr("fewer than 3 parameters"));
    EXPECT_THAT(why(rules.read_params("192.0.2.7 0053.00ab.cdef eth0 x")),
                HasSubstr("more than 3 parameters"));
    EXPECT_THAT(why(rules.read_params("192.0.2.7 0053.00ab.cdef eth0 ")), HasSubstr("wanted"));
    EXPECT_THAT(why(rules.read_params("192.0.2.7  0053.00ab.cdef eth0")), HasSubstr("mac: ''"));
    EXPECT_THAT(why(rules.read_params("")), HasSubstr("fewer"));
}

TEST(RuleClasses, ARefusalNamesTheParameter) {
    const auto rules = binding();
    EXPECT_THAT(why(rules.read_params("192.0.2 0053.00ab.cdef eth0")),
                HasSubstr("ip: '192.0.2' is not an address"));
    EXPECT_THAT(why(rules.read_params("192.0.2.7 0053 eth0")), HasSubstr("mac: '0053' is not an Ethernet"));
    EXPECT_THAT(why(rules.read_value("x")), HasSubstr("value: 'x' is not a mark"));
    EXPECT_EQ(rules.read_value("x").error().code, ErrorCode::invalid);
}

TEST(RuleClasses, KeysAreLaidOutAsEveryStoreKeepsThem) {
    const auto key = binding().read_params("192.0.2.7 00:53:00:ab:cd:ef eth0");
    ASSERT_TRUE(key);
    EXPECT_THAT(bytes_of(key->bytes()),
                ElementsAre(4, 192, 0, 2, 7, 0x00, 0x53, 0x00, 0xab, 0xcd, 0xef, 4, 'e', 't', 'h', '0'));
    const RuleClass networks{"networks", {spec("net", ParamType::network)}, spec("value", ParamType::port)};
    EXPECT_THAT(bytes_of(networks.read_params("192.0.2.0/24")->bytes()), ElementsAre(4, 192, 0, 2, 0, 24));
    EXPECT_THAT(bytes_of(networks.read_params("2001:db8::/32")->bytes()),
                ElementsAre(6, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32));
    EXPECT_THAT(bytes_of(networks.read_value("8080")->bytes()), ElementsAre(0x1f, 0x90));
    EXPECT_THAT(bytes_of(binding().read_value("0x01020304")->bytes()), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(bytes_of(ready_class("shaping_in")->read_value("1kbit")->bytes()),
                ElementsAre(0, 0, 0, 0, 0, 0, 3, 0xe8));
}

TEST(RuleClasses, UnpackingGivesTheTypedValues) {
    const auto rules = binding();
    const auto values = rules.unpack(*rules.read_params("2001:db8::7 00:53:00:ab:cd:ef eth0"));
    ASSERT_TRUE(values);
    ASSERT_EQ(values->size(), 3U);
    EXPECT_EQ(std::get<IpAddress>((*values)[0]), *IpAddress::parse("2001:db8::7"));
    EXPECT_EQ(std::get<MacAddress>((*values)[1]), *MacAddress::parse("005300abcdef"));
    EXPECT_EQ(std::get<std::string>((*values)[2]), "eth0");
    EXPECT_EQ(std::get<std::uint32_t>(*rules.unpack(*rules.read_value("7"))), 7U);
}

template <typename P>
P of_bytes(std::initializer_list<std::uint8_t> bytes) {
    P packed;
    EXPECT_TRUE(packed.append(std::vector<std::uint8_t>(bytes)));
    return packed;
}

TEST(RuleClasses, BytesOfAnotherClassAreNotTakenForItsOwn) {
    const auto access = *ready_class("inet_access");
    const std::initializer_list<std::initializer_list<std::uint8_t>> foreign = {
        {},                                                           // nothing
        {4, 192, 0, 2},                                               // cut short
        {4, 192, 0, 2, 7, 1},                                         // too long
        {5, 192, 0, 2, 7},                                            // no such family
        {6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7},  // IPv4 in disguise
    };
    for (const auto& bytes : foreign) {
        const auto key = of_bytes<RuleKey>(bytes);
        EXPECT_FALSE(access.unpack(key));
        EXPECT_EQ(access.params_text(key).substr(0, 1), "?");
    }
    EXPECT_EQ(access.params_text(of_bytes<RuleKey>({5, 0xab})), "?05ab");
    EXPECT_FALSE(access.unpack(of_bytes<RuleValue>({4, 'o', 'p', 'e', 'x'})));
    EXPECT_FALSE(access.unpack(of_bytes<RuleValue>({4, 'o', 'p', 'e'})));
    EXPECT_FALSE(access.unpack(of_bytes<RuleValue>({4, 'o', 'p', 'e', 'n', 0})));
    EXPECT_EQ(access.value_text(of_bytes<RuleValue>({1, 0xff})), "?01ff");
    const RuleClass networks{"networks", {spec("net", ParamType::network)}, spec("value", ParamType::port)};
    EXPECT_FALSE(networks.unpack(of_bytes<RuleKey>({4, 192, 0, 2, 7, 24}))) << "host bits";
    EXPECT_FALSE(networks.unpack(of_bytes<RuleKey>({4, 192, 0, 2, 7, 33}))) << "no such prefix";
    EXPECT_FALSE(networks.unpack(of_bytes<RuleValue>({0, 0}))) << "no port";
    EXPECT_FALSE(ready_class("mac_ip")->unpack(of_bytes<RuleValue>({1, 0, 0, 0, 0, 1}))) << "multicast";
    EXPECT_FALSE(ready_class("shaping_in")->unpack(of_bytes<RuleValue>({0, 0, 0, 0, 0, 0, 0, 0})))
        << "no rate";
}

TEST(RuleClasses, WhatDoesNotFitIsRefused) {
    const RuleClass names{"names", {spec("name", ParamType::text)}, spec("value", ParamType::text)};
    EXPECT_TRUE(names.read_params(std::string(30, 'a')));
    EXPECT_THAT(why(names.read_params(std::string(31, 'a'))),
                HasSubstr("name: too long: it takes 32 bytes, 31"));
    EXPECT_TRUE(names.read_value(std::string(22, 'a')));
    EXPECT_THAT(why(names.read_value(std::string(23, 'a'))), HasSubstr("value: too long"));
    EXPECT_THAT(why(names.read_params(std::string(70'000, 'a'))), HasSubstr("too long"));
}

TEST(RuleClasses, TheLongestValuesOfEveryTypeFit) {
    const auto taken = [](ParamType type, const char* text) {
        const RuleClass rules{"any", {spec("ip", ParamType::address)}, spec("value", type)};
        const auto value = rules.read_value(text);
        return value ? rules.value_text(*value) : why(value);
    };
    const char* host = "2001:db8:1111:2222:3333:4444:5555:6666";
    EXPECT_EQ(taken(ParamType::address, host), host);
    EXPECT_EQ(taken(ParamType::network, "2001:db8:1111:2222:3333:4444::/96"),
              "2001:db8:1111:2222:3333:4444::/96");
    EXPECT_EQ(taken(ParamType::interface, "abcdefghijklmno"), "abcdefghijklmno");
}

TEST(RuleClasses, TheOnlyValueIsTheOneBesideTheAbsentOne) {
    const auto only = [](std::vector<std::string> words, const std::string& absent) {
        auto value = spec("value", ParamType::word);
        value.words = std::move(words);
        const RuleClass rules{"any", {spec("ip", ParamType::address)}, value, absent};
        const auto found = rules.only_value();
        return found ? rules.value_text(*found) : "none";
    };
    EXPECT_EQ(only({"open", "closed"}, "closed"), "open");
    EXPECT_EQ(only({"open", "closed"}, "open"), "closed");
    EXPECT_EQ(only({"open", "open", "closed"}, "closed"), "open") << "said twice";
    EXPECT_EQ(only({"listed"}, ""), "listed");
    EXPECT_EQ(only({"open", "closed"}, ""), "none");
    EXPECT_EQ(only({"open", "closed", "slow"}, "closed"), "none");
    EXPECT_EQ(only({"closed"}, "closed"), "none");
    EXPECT_FALSE(ready_class("ip_mark")->only_value());
}

TEST(RuleClasses, ATextWhosePatternChangedIsNotOfTheClassAnyMore) {
    auto name = spec("name", ParamType::text);
    const RuleClass before{"names", {name}, spec("value", ParamType::port)};
    name.pattern = "b+";
    name.matches = [](std::string_view text) { return text[0] == 'b'; };
    const RuleClass after{"names", {name}, spec("value", ParamType::port)};
    EXPECT_FALSE(after.unpack(*before.read_params("a")));
    EXPECT_TRUE(after.unpack(*before.read_params("b")));
}

TEST(RuleClasses, AreMadeWholeOrNotAtAll) {
    const auto ip = spec("ip", ParamType::address);
    const auto port = spec("value", ParamType::port);
    EXPECT_THROW((RuleClass{"none", {}, port}), std::invalid_argument);
    EXPECT_THROW((RuleClass{"twice", {ip, ip}, port}), std::invalid_argument);
    EXPECT_THROW((RuleClass{"absent", {ip}, port, "closed"}), std::invalid_argument);
    EXPECT_FALSE((RuleClass{"fine", {ip}, port}).absent());
}

struct Example {
    std::string_view name, params, value;
};

TEST(ReadyClasses, TakeWhatTheirNamesSay) {
    const std::initializer_list<Example> examples = {{"inet_access", "192.0.2.7", "open"},
                                                     {"ip_mark", "2001:db8::7", "42"},
                                                     {"mac_ip", "192.0.2.7", "00:53:00:ab:cd:ef"},
                                                     {"shaping_in", "192.0.2.7", "10Mbit"},
                                                     {"shaping_out", "192.0.2.7", "1500kbit"}};
    EXPECT_EQ(ready_classes().size(), examples.size());
    for (const auto& [name, params, value] : examples) {
        const auto rules = ready_class(name);
        ASSERT_TRUE(rules) << name;
        EXPECT_EQ(rules->name(), name);
        const auto key = rules->read_params(params);
        const auto read = rules->read_value(value);
        ASSERT_TRUE(key && read) << name << why(key) << why(read);
        EXPECT_EQ(rules->params_text(*key), params);
        EXPECT_EQ(rules->value_text(*read), value);
    }
    EXPECT_FALSE(ready_class("inet"));
}

TEST(ReadyClasses, AccessIsClosedWhereNothingIsSaid) {
    const auto access = *ready_class("inet_access");
    ASSERT_TRUE(access.absent());
    EXPECT_EQ(access.absent(), *access.read_value("closed"));
    EXPECT_FALSE(ready_class("ip_mark")->absent());
}

}  // namespace
}  // namespace garita
