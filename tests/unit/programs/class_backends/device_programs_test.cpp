#include "programs/class_backends/device_programs.hpp"

#include <gtest/gtest.h>

#include "adapters/command/command_backend.hpp"
#include "adapters/ipfw/ipfw_backend.hpp"
#include "model/ready_classes.hpp"

namespace garita::programs {
namespace {

using runtime::DeviceClassConfig;
using runtime::DeviceConfig;

DeviceClassConfig rules(const std::string& name, const std::string& backend) {
    return {ready_class(name).value(), backend, "", "", {}, {}, {}, {}, {}, {}, 4000,
            std::chrono::seconds(30),  {}};
}

DeviceClassConfig speed_by_words() {
    auto config = rules("shaping_in", "command");
    config.add = {"/usr/local/sbin/speed", "{ip}", "{value:kbit}"};
    config.delete_ = {"/usr/local/sbin/speed", "{ip}", "none"};
    return config;
}

DeviceConfig device(std::vector<DeviceClassConfig> of) {
    DeviceConfig made;
    made.name = "border1";
    made.rules = std::move(of);
    return made;
}

std::string error_of(const DeviceConfig& of, std::size_t rule = 0) {
    DevicePrograms programs(of);
    const auto made = programs.make(of.rules[rule]);
    return made ? std::string() : made.error().text;
}

TEST(DevicePrograms, ACommandIsMadeOfItsWordsOrLines) {
    EXPECT_EQ(error_of(device({speed_by_words()})), "");
    auto batch = speed_by_words();
    batch.batch = {"/usr/local/sbin/speed", "-"};
    batch.add = {"set", "{ip}", "{value:kbit}"};
    batch.delete_ = {"unset", "{ip}"};
    EXPECT_EQ(error_of(device({batch})), "");
    const auto settings = command_settings(device({batch}), batch);
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->add_line, "set {ip} {value:kbit}");
    EXPECT_TRUE(settings->add.empty());
}

TEST(DevicePrograms, OptionsSayWhatWordsCannot) {
    auto config = speed_by_words();
    config.list = {"/usr/local/sbin/speed", "list", "{table}"};
    config.table = "speeds";
    config.options = {
        {"prepare", "/usr/local/sbin/speed  create {table}"}, {"fine", "not found"}, {"ok", "3"}};
    const auto settings = command_settings(device({config}), config);
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->prepare, (std::vector<std::string>{"/usr/local/sbin/speed", "create", "{table}"}));
    EXPECT_EQ(settings->listed, R"(^(?P<ip>\S+)\s+(?P<value>\S+)\s*$)");
    EXPECT_EQ(settings->ok_codes, (std::vector<int>{0, 3}));
    EXPECT_EQ(settings->names.at("table"), "speeds");
    EXPECT_EQ(error_of(device({config})), "");
    config.options["prepair"] = "x";
    EXPECT_NE(error_of(device({config})).find("option prepair is not known"), std::string::npos);
    config.options = {{"ok", "many"}};
    EXPECT_NE(error_of(device({config})).find("option ok"), std::string::npos);
}

TEST(DevicePrograms, ARebuildAtOneInstantIsMadeOfLines) {
    auto config = rules("ip_mark", "command");
    config.batch = {"/usr/sbin/ipset", "-exist", "restore"};
    config.add = {"add", "{table}", "{ip}", "skbmark", "{value:hex}"};
    config.delete_ = {"del", "{table}", "{ip}"};
    config.options = {{"swap_before", "create {device}-new hash:ip ; flush {device}-new"},
                      {"swap_line", "add {device}-new {ip} skbmark {value:hex}"},
                      {"swap_behind", "swap {table} {device}-new"}};
    const auto settings = command_settings(device({config}), config);
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->swap_before,
              (std::vector<std::string>{"create {device}-new hash:ip", "flush {device}-new"}));
    EXPECT_EQ(settings->swap_behind, (std::vector<std::string>{"swap {table} {device}-new"}));
    EXPECT_EQ(settings->names.at("device"), "border1");
    EXPECT_EQ(error_of(device({config})), "");
    config.options.erase("swap_behind");
    EXPECT_NE(error_of(device({config})).find("lines behind"), std::string::npos);
}

TEST(DevicePrograms, WhatCannotWorkIsSaid) {
    auto shell = speed_by_words();
    shell.add[0] = "/bin/sh";
    EXPECT_NE(error_of(device({shell})).find("is a shell"), std::string::npos);
    EXPECT_NE(error_of(device({rules("shaping_in", "iptables")})).find("iptables"), std::string::npos);
    EXPECT_NE(error_of(device({rules("inet_access", "tc")})).find("tc is not carried out"),
              std::string::npos);
    auto by_agent = device({speed_by_words()});
    by_agent.connect = DeviceConfig::Connect::agent;
    EXPECT_NE(error_of(by_agent).find("not reached by the hub"), std::string::npos);
}

TEST(DevicePrograms, IptablesMarksInItsTableForThat) {
    const auto marks =
        device({rules("ip_mark", "iptables"), rules("inet_access", "iptables"), rules("mac_ip", "iptables")});
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(error_of(marks, i), "");
    EXPECT_EQ(iptables_settings(marks.rules[0])->table, "mangle");
    EXPECT_EQ(iptables_settings(marks.rules[1])->table, "filter");
    EXPECT_EQ(iptables_settings(marks.rules[1])->chain, "garita-inet_access");
    auto odd = device({rules("inet_access", "iptables")});
    odd.rules[0].options = {{"side", "left"}};
    EXPECT_NE(error_of(odd).find("option side"), std::string::npos);
}

TEST(DevicePrograms, ADeviceBySshNeedsItsKeys) {
    auto remote = device({rules("ip_mark", "ipset"), rules("inet_access", "ipset")});
    remote.connect = DeviceConfig::Connect::ssh;
    remote.ssh = runtime::SshTarget{"root", "192.0.2.1", 22};
    EXPECT_NE(error_of(remote).find("ssh_key"), std::string::npos);
    remote.ssh_key = "/etc/garita/border1.key";
    remote.ssh_known_hosts = "/etc/garita/border1.known";
    EXPECT_EQ(error_of(remote), "");
    EXPECT_EQ(error_of(remote, 1), "");
    remote.rules.push_back(rules("mac_ip", "ipset"));
    EXPECT_NE(error_of(remote, 2), "");
}

TEST(DevicePrograms, ClassesOfOneDeviceDoNotSharePipes) {
    const auto both =
        device({rules("shaping_in", "ipfw"), rules("inet_access", "ipfw"), rules("shaping_out", "ipfw")});
    const auto in = ipfw_settings(both, both.rules[0]);
    const auto out = ipfw_settings(both, both.rules[2]);
    ASSERT_TRUE(in && out);
    EXPECT_EQ(in->first_pipe, 20'000);
    EXPECT_EQ(out->first_pipe, 21'000);
    EXPECT_EQ(in->mask, "dst-ip");
    EXPECT_EQ(out->mask, "src-ip");
    EXPECT_EQ(in->table, "garita_shaping_in");
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(error_of(both, i), "");
    auto odd = device({rules("shaping_in", "ipfw")});
    odd.rules[0].options = {{"first_pipe", "70000"}};
    EXPECT_NE(error_of(odd).find("first_pipe"), std::string::npos);
}

}  // namespace
}  // namespace garita::programs
