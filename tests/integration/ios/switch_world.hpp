#pragma once
// One emulated switch, and the driver's way to it.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/ios/driver.hpp"
#include "support/emulated_switches.hpp"

namespace garita::ios {

class RecordedLog final : public access::SessionLog {
  public:
    void sent(std::string_view line) override { lines.push_back("> " + std::string(line)); }
    void answered(std::string_view text) override { lines.emplace_back(text); }
    void noted(std::string_view what) override { lines.push_back("# " + std::string(what)); }

    [[nodiscard]] std::string text() const {
        std::string out;
        for (const auto& line : lines)
            out += line + "\n";
        return out;
    }
    std::vector<std::string> lines;
};

class SwitchTest : public ::testing::Test {
  protected:
    /// `more` is added to the description of the switch; `count` of them, all alike: see use().
    void start(const boost::json::object& more = {}, int count = 1) {
        boost::json::object one{
            {"telnet", 0},
            {"saved", true},
            {"config",
             "interface GigabitEthernet1/0/1\n switchport mode access\n switchport access vlan 1\n"
             " switchport port-security mac-address sticky\n switchport port-security\n"
             "interface GigabitEthernet1/0/2\n switchport mode access\n switchport port-security\n"}};
        for (auto& [name, value] : more)
            one[name] = value;
        boost::json::array all;
        for (int number = 1; number <= count; ++number) {
            one["name"] = "sw" + std::to_string(number);
            all.push_back(one);
        }
        switches_ = testing_support::EmulatedSwitches::start(GARITA_SOURCE_DIR, {{"switches", all}});
        if (!switches_) GTEST_SKIP() << "needs Debian's python3-asyncssh";
        use(1);
    }
    /// All that follows is about this one.
    void use(int number) {
        name_ = "sw" + std::to_string(number);
        const auto& at = switches_->at(name_);
        login_.name = name_;
        login_.host = std::string(at.at("address").as_string());
        login_.port = static_cast<std::uint16_t>(at.at("ssh").as_int64());
        login_.user = "admin";
        login_.password = "admin";
        login_.enable_secret = "secret";
        login_.host_keys = {std::string(at.at("fingerprint").as_string())};
        login_.answer_within = std::chrono::seconds(30);
        login_.connect_within = std::chrono::seconds(60);
    }
    Result<std::unique_ptr<access::SwitchSession>> open() { return driver_.open(login_, log_); }
    /// Fails the test where it cannot be opened.
    std::unique_ptr<access::SwitchSession> opened() {
        auto session = open();
        if (session) return std::move(*session);
        ADD_FAILURE() << session.error().text << "\n" << log_.text();
        return nullptr;
    }
    std::string text_of(const std::string& what) {
        return std::string(switches_->ask(name_, what).as_string());
    }
    std::string text_of(const std::string& what, const char* port) {
        return boost::json::serialize(switches_->ask(name_, what, {{"port", port}}));
    }
    void modes(boost::json::object set) { switches_->ask(name_, "modes", {{"set", std::move(set)}}); }
    std::int64_t count(const char* what) { return switches_->ask(name_, "counts").at(what).as_int64(); }
    void plug(const char* port, const char* mac) {
        switches_->ask(name_, "frame", {{"port", port}, {"mac", mac}});
    }

    static access::PortName port(const char* name) { return access::PortName::parse(name).value(); }
    static access::Change secure(const char* name, const char* mac) {
        access::Change change;
        change.port = port(name);
        change.mac = MacAddress::parse(mac).value();
        return change;
    }

    std::unique_ptr<testing_support::EmulatedSwitches> switches_;
    std::string name_ = "sw1";
    IosDriver driver_;
    RecordedLog log_;
    access::SwitchLogin login_;
};

constexpr auto* one_mac = "0050.56aa.0101";
constexpr auto* other_mac = "0050.56aa.0102";

}  // namespace garita::ios
