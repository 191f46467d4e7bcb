#include <algorithm>
#include <cstdio>

#include <gtest/gtest.h>

#include "programs/scan/scan_command.hpp"
#include "programs/scan/scan_printer.hpp"
#include "runtime/json/text.hpp"

namespace garita::programs {
namespace {

PortSet ports(std::string_view text) {
    return *PortSet::parse(text);
}

/// A host that shows whatever an attacker may, and one of a network that is not there.
std::string printed(ScanForm form, scan::Report::End how = scan::Report::End::complete) {
    scan::TargetResult result{
        *IpAddress::parse("192.0.2.7"),         ports("22,443"), ports("1-21"), ports("23-30"),
        {{ports("31-33"), "no\x1b[31m route"}}, Duration{310}};
    const scan::TargetResult absent{*IpAddress::parse("192.0.2.8"), {}, {}, ports("1-100"), {}, {}};
    std::map<Port, scan::ServiceFacts> services;
    services[22].banner = "SSH-2.0-\x1b[2Jevil\tPorts: 1/open\xff\r\nsecond line";
    services[443].tls = "TLSv1.3";
    services[443].certificate = {"CN=a\x1b]0;title",
                                 "CN=b",
                                 {"a.example",
                                  "\xe2\x80\xae"
                                  "exe.b"},
                                 Time{},
                                 Time{},
                                 std::string(64, 'a')};
    const std::map<Port, scan::ServiceFacts> none;
    ::testing::internal::CaptureStdout();
    const auto printer = scan_printer(form);
    printer->begin({Transport::tcp, "connect", "", ports("1-100,443"), 2, Time{}});
    printer->host({result, {"web.example"}, services, ScannedHost::Named::alone});
    printer->host({absent, {}, none, ScannedHost::Named::among_many});
    ScanEnd end;
    end.end = how;
    end.addresses = 2;
    end.unresolved = {{"gone.example", "no such name"}};
    end.warnings = {"slow"};
    printer->end(end);
    std::fflush(stdout);
    return ::testing::internal::GetCapturedStdout();
}

TEST(ScanPrinters, NothingForeignReachesTheTerminalRaw) {
    for (const auto form : {ScanForm::table, ScanForm::grepable, ScanForm::json}) {
        const auto text = printed(form);
        EXPECT_EQ(text.find('\x1b'), std::string::npos);
        EXPECT_EQ(text.find('\xff'), std::string::npos);
    }
    EXPECT_EQ(printed(ScanForm::table).find("\xe2\x80\xae"), std::string::npos);
}

TEST(ScanPrinters, TheTableLeavesOutWhatIsNotThere) {
    const auto text = printed(ScanForm::table);
    EXPECT_NE(text.find("192.0.2.7  web.example  0.31 ms\n  22/tcp    open      ssh"), std::string::npos)
        << text;
    EXPECT_EQ(text.find("second line"), std::string::npos);
    EXPECT_NE(text.find("closed    1-21 (21 ports)"), std::string::npos) << text;
    EXPECT_EQ(text.find("192.0.2.8"), std::string::npos);
    EXPECT_NE(text.find("gone.example  not scanned: no such name"), std::string::npos);
    EXPECT_EQ(text.find("PARTIAL"), std::string::npos);
    EXPECT_NE(printed(ScanForm::table, scan::Report::End::stopped).find("PARTIAL"), std::string::npos);
}

TEST(ScanPrinters, JsonIsOneObject) {
    const auto read = runtime::json::parse(printed(ScanForm::json, scan::Report::End::stopped), "scan");
    ASSERT_TRUE(read) << read.error().text;
    const auto& hosts = read->at("hosts").as_array();
    ASSERT_EQ(hosts.size(), 2U);
    EXPECT_EQ(hosts[0].at("open").as_array().size(), 2U);
    EXPECT_EQ(hosts[0].at("closed").as_string(), "1-21");
    EXPECT_EQ(hosts[0].at("unknown").at(0).at("ports").as_string(), "31-33");
    EXPECT_EQ(hosts[0].at("open").at(1).at("certificate").at("names").as_array().size(), 2U);
    EXPECT_FALSE(hosts[1].as_object().contains("round_trip"));
    EXPECT_FALSE(read->at("complete").as_bool());
    EXPECT_EQ(read->at("unresolved").at(0).at("name").as_string(), "gone.example");
}

TEST(ScanPrinters, GrepableLinesAreAsNmapWritesThem) {
    const auto text = printed(ScanForm::grepable, scan::Report::End::stopped);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    ASSERT_EQ(lines.size(), 6U) << text;
    EXPECT_TRUE(lines[1].starts_with("Host: 192.0.2.7 (web.example)\tPorts: 22/open/tcp//ssh//SSH-2.0-"))
        << lines[1];
    EXPECT_EQ(std::count(lines[1].begin(), lines[1].end(), '\t'), 4)
        << "host, ports, closed, filtered, unknown";
    EXPECT_TRUE(lines[5].starts_with("# PARTIAL"));
}

TEST(ScanCommand, TakesWhatPeopleAreUsedTo) {
    EXPECT_EQ(scan_spelling({"scan", "-iL", "x"}), (std::vector<std::string>{"scan", "--input", "x"}));
    EXPECT_EQ(scan_spelling({"rules", "-iL", "x"}), (std::vector<std::string>{"rules", "-iL", "x"}));
    EXPECT_TRUE(scan_spelling({}).empty());
}

TEST(ScanCommand, TimesAreRough) {
    EXPECT_EQ(rough_time(std::chrono::milliseconds{1200}), "2 s");
    EXPECT_EQ(rough_time(std::chrono::seconds{125}), "2 min 5 s");
    EXPECT_EQ(rough_time(std::chrono::hours{3}), "3 h 0 min");
}

}  // namespace
}  // namespace garita::programs
