#include "adapters/ipfw/words.hpp"

#include <gtest/gtest.h>

#include "adapters/ipfw/ipfw_backend.hpp"
#include "model/ready_classes.hpp"
#include "runtime/process/local_runner.hpp"

namespace garita::ipfw {
namespace {

std::string joined(const Words& words) {
    std::string text;
    for (const auto& word : words)
        text.append(text.empty() ? "" : " ").append(word);
    return text;
}

TEST(IpfwWords, AreThoseOfTheManual) {
    Settings settings;
    settings.table = "garita_access";
    EXPECT_EQ(joined(create_table(settings, "t")), "/sbin/ipfw -q table t create type addr");
    EXPECT_EQ(joined(destroy_table(settings, "t")), "/sbin/ipfw -q table t destroy");
    EXPECT_EQ(joined(list_table(settings)), "/sbin/ipfw table garita_access list");
    EXPECT_EQ(joined(table_info(settings)), "/sbin/ipfw table garita_access info");
    EXPECT_EQ(joined(swap_tables(settings, "u")), "/sbin/ipfw -q table garita_access swap u");
    EXPECT_EQ(joined(batch(settings)), "/sbin/ipfw -q /dev/stdin");
    EXPECT_EQ(joined(list_pipes(settings)), "/sbin/ipfw pipe list");
    EXPECT_EQ(joined(delete_pipe(settings, 7)), "/sbin/ipfw -q pipe delete 7");
    EXPECT_EQ(joined(configure_pipe(settings, 7, BitRate{1'500'000})),
              "/sbin/ipfw -q pipe 7 config bw 1500000bit/s mask dst-ip 0xffffffff");
    settings.mask.clear();
    settings.capacity = 1000;
    settings.program = "/usr/local/sbin/ipfw";
    EXPECT_EQ(joined(configure_pipe(settings, 7, BitRate{8})),
              "/usr/local/sbin/ipfw -q pipe 7 config bw 8bit/s");
    EXPECT_EQ(joined(create_table(settings, "t")),
              "/usr/local/sbin/ipfw -q table t create type addr limit 1000");
}

TEST(IpfwWords, EntriesAreReadFromALine) {
    const auto entry = parse_entry("192.0.2.7/32 10");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->first.text(), "192.0.2.7");
    EXPECT_EQ(entry->second, 10U);
    EXPECT_EQ(parse_entry("2001:db8::/32 4294967295")->second, 4294967295U);
    EXPECT_EQ(parse_entry("10.0.0.0/8")->second, 0U);
    for (const char* line : {"", "--- table(x), set(0) ---", "10.0.0.0/8 x", "10.0.0.0/8 1 2",
                             "10.0.0.0/8 4294967296", "10.0.0.1/8 1", "host 1", "10.0.0.0/8 -1"})
        EXPECT_FALSE(parse_entry(line)) << line;
}

TEST(IpfwWords, ItemsAreReadFromTheInfo) {
    EXPECT_EQ(parse_items("--- table(x), set(0) ---\n kindex: 0\n items: 12, size: 488\n"), 12U);
    EXPECT_FALSE(parse_items(""));
    EXPECT_FALSE(parse_items("items: x"));
    EXPECT_FALSE(parse_items("items:"));
}

TEST(IpfwWords, EveryRateThatIsToldExactlyIsReadBack) {
    struct Row {
        const char* line;
        std::uint64_t rate;
    };
    for (const auto& row : {Row{"20000:   1.500 Mbit/s    0 ms burst 0 ", 1'500'000},
                            Row{"00007: 512.000 Kbit/s    0 ms burst 0", 512'000},
                            Row{"65535:   2.500 Gbit/s    0 ms burst 0", 2'500'000'000},
                            Row{"00007: 800.000 bit/s     0 ms burst 0", 800}}) {
        const auto pipe = parse_pipe(row.line);
        ASSERT_TRUE(pipe) << row.line;
        EXPECT_EQ(pipe->second.bits_per_second, row.rate);
    }
    for (const char* line : {"", "q131072  50 sl. 0 flows", "00007: unlimited       0 ms burst 0",
                             "00007: 1.5 Mbit/s", "x: 1.500 Mbit/s", "7: 0.0005 bit/s", "7: 1.001 bit/s",
                             "99999: 1.000 Mbit/s", "7: 999999999999.000 Gbit/s", "7:", "7: 1.500"})
        EXPECT_FALSE(parse_pipe(line)) << line;
    EXPECT_TRUE(told_exactly(BitRate{999'999}));
    EXPECT_TRUE(told_exactly(BitRate{1'001'000}));
    EXPECT_FALSE(told_exactly(BitRate{1'000'001}));
    EXPECT_FALSE(told_exactly(BitRate{1'000'001'000}));
}

TEST(IpfwBackend, WhatCannotBeIsSaid) {
    runtime::LocalRunner runner;
    const auto error = [&](const char* rules, auto spoil) {
        Settings settings;
        settings.table = "garita_x";
        spoil(settings);
        const auto made = IpfwBackend::make(ready_class(rules).value(), settings, runner);
        return made ? std::string() : made.error().text;
    };
    EXPECT_EQ(error("inet_access", [](Settings&) {}), "");
    EXPECT_EQ(error("shaping_in", [](Settings&) {}), "");
    EXPECT_EQ(error("ip_mark", [](Settings&) {}), "");
    EXPECT_NE(error("mac_ip", [](Settings&) {}), "");
    EXPECT_NE(error("inet_access", [](Settings& s) { s.table = "a b"; }), "");
    EXPECT_NE(error("inet_access", [](Settings& s) { s.table = std::string(60, 'x'); }), "");
    EXPECT_NE(error("inet_access", [](Settings& s) { s.program = "ipfw"; }), "");
    EXPECT_NE(error("inet_access", [](Settings& s) { s.mask = "all"; }), "");
    EXPECT_NE(error("inet_access", [](Settings& s) { s.first_pipe = 65'000; }), "");
}

}  // namespace
}  // namespace garita::ipfw
