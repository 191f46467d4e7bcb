#include "programs/class_backends/class_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::programs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems(std::string_view rules) {
    auto document = runtime::Document::parse("hub:\ndevices:\n  d:\n    rules:\n" + std::string(rules),
                                             "f.yml", runtime::Outside::ignore);
    EXPECT_TRUE(document.fine()) << document.texts(runtime::Problem::Weight::error).front();
    document.add(class_problems(document));
    return document.texts(runtime::Problem::Weight::error);
}

TEST(ClassCheck, WhatABackendCannotCarryOutIsFoundWithoutADevice) {
    EXPECT_THAT(problems("      x: {backend: nftables, params: {name: text}, value: mark}\n"),
                ElementsAre(AllOf(HasSubstr("f.yml:5:"),
                                  HasSubstr("devices.d.rules.x: rules x: packets have no text"))));
    EXPECT_THAT(problems("      inet_access: {backend: nftables, kind: jump}\n"),
                ElementsAre(HasSubstr("the kinds pass, drop, set and map")));
    EXPECT_THAT(problems("      shaping_in: {backend: limiter}\n"),
                ElementsAre(HasSubstr("option interface")));
    EXPECT_THAT(problems("      shaping_out: {backend: tc}\n"), ElementsAre(HasSubstr("option interface")));
    for (const std::string backend : {"limiter", "tc"})
        EXPECT_THAT(problems("      ip_mark: {backend: " + backend + ", options: {interface: eth1}}\n"),
                    ElementsAre(HasSubstr(backend + " holds rates of addresses")));
    for (const std::string backend : {"limiter", "tc"})
        EXPECT_THAT(problems("      nets: {params: {net: network}, value: rate, backend: " + backend +
                             ", options: {interface: eth1, direction: sends}}\n"),
                    ElementsAre(HasSubstr(backend + " holds rates of single addresses")));
    EXPECT_THAT(problems("      shaping_in: {backend: ipset}\n"),
                ElementsAre(HasSubstr("ipset for shaping_in")));
    EXPECT_THAT(problems("      shaping_in: {backend: iptables}\n"), ElementsAre(HasSubstr("iptables for")));
    EXPECT_THAT(problems("      mac_ip: {backend: ipfw}\n"), ElementsAre(HasSubstr("ipfw for mac_ip")));
    EXPECT_THAT(problems("      x: {backend: command, params: {ip: address}, value: mark, list: [/bin/l],\n"
                         "          add: [/bin/sh, \"{ip}\"], delete: [/bin/d, \"{ip}\"]}\n"),
                ElementsAre(HasSubstr("is a shell")));
}

TEST(ClassCheck, WhatTheyCanIsFine) {
    EXPECT_THAT(problems("      inet_access: {backend: nftables}\n"
                         "      ip_mark: {backend: ipset}\n"
                         "      mac_ip: {backend: iptables}\n"
                         "      shaping_in: {backend: limiter, options: {interface: \"eth1, eth2\"}}\n"
                         "      shaping_out: {backend: tc, options: {interface: eth1, classes: 2000}}\n"
                         "      nets: {backend: nftables, params: {net: network}, value: mark}\n"
                         "      ports: {backend: nftables, params: {p: port}, value: on|off, absent: off}\n"),
                IsEmpty());
}

TEST(ClassCheck, OneLargeSetIsWarnedOf) {
    const auto warnings = [](const std::string& rule) {
        auto document = runtime::Document::parse("hub:\ndevices:\n  d:\n    rules:\n      " + rule + "\n",
                                                 "f.yml", runtime::Outside::ignore);
        document.add(class_problems(document));
        return document.texts(runtime::Problem::Weight::warning);
    };
    EXPECT_THAT(warnings("inet_access: {backend: nftables, kind: set, options: {capacity: 200000}}"),
                ElementsAre(HasSubstr("seconds to be read whole")));
    EXPECT_THAT(warnings("inet_access: {backend: nftables, kind: set}"), IsEmpty());
    EXPECT_THAT(warnings("inet_access: {backend: nftables, options: {capacity: 2000000}}"), IsEmpty());
    EXPECT_THAT(warnings("x: {backend: command, params: {ip: address}, value: mark, add: [/bin/a, \"{ip}\"], "
                         "delete: [/bin/d, \"{ip}\"]}"),
                ElementsAre(HasSubstr("nobody can remove"), HasSubstr("nobody can tell")));
    EXPECT_THAT(warnings("x: {backend: command, params: {ip: address}, value: mark, add: [/bin/a, \"{ip}\"], "
                         "delete: [/bin/d, \"{ip}\"], clear: [/bin/c], list: [/bin/l]}"),
                IsEmpty());
}

TEST(ClassCheck, AnAgentsFileHasNoDevices) {
    auto document =
        runtime::Document::parse("agent: {hub: https://h, name: a}\n", "a.yml", runtime::Outside::ignore);
    EXPECT_THAT(class_problems(document), IsEmpty());
}

}  // namespace
}  // namespace garita::programs
