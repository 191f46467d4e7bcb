#include "access/arrivals.hpp"

#include <gtest/gtest.h>

#include "fakes/memory_access_book.hpp"
#include "fakes/memory_store.hpp"

namespace garita::access {
namespace {

const Time noon{std::chrono::hours{100000}};
const MacAddress phone = *MacAddress::parse("0013.1a41.544e");

std::string violation(const std::string& port, const std::string& mac = "0013.1a41.544e") {
    return "<186>41: *Mar  1 00:12:45.123: %PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, "
           "caused by MAC address " +
           mac + " on port " + port + '.';
}

struct World {
    fakes::MemoryStore store;
    fakes::MemoryAccessBook book;
    int woken = 0;
    int rings = 0;
    Arrivals arrivals{store, book,
                      Inventory({{"sw1", *IpAddress::parse("10.0.0.1"), {"sw1.example.org"}},
                                 {"sw2", *IpAddress::parse("10.0.0.2"), {}}},
                                {*IpNetwork::parse("10.0.0.66")}),
                      [this] { ++woken; }};
    AccessId id = request(phone, AccessState::waiting);

    World() {
        store.on_ring(
            [this](const store::Ring& ring) { rings += ring.topic == store::Topic::access ? 1 : 0; });
    }

    AccessId request(const MacAddress& mac, AccessState state) {
        AccessRequest one;
        one.mac = mac;
        one.state = state;
        one.created_at = noon;
        AccessId made;
        EXPECT_TRUE(store.write([&](store::Transaction& tx) -> Result<void> {
            made = book.insert(tx, one);
            return {};
        }));
        return made;
    }
    AccessRequest row() {
        AccessRequest found;
        EXPECT_TRUE(store.read([&](store::View& view) -> Result<void> {
            found = *book.find(view, id);
            return {};
        }));
        return found;
    }
    void change(const std::function<void(AccessRequest&)>& how) {
        auto changed = row();
        how(changed);
        EXPECT_TRUE(store.write([&](store::Transaction& tx) -> Result<void> {
            EXPECT_TRUE(book.update(tx, changed));
            return {};
        }));
    }
    std::vector<AccessLine> log() {
        std::vector<AccessLine> found;
        EXPECT_TRUE(store.read([&](store::View& view) -> Result<void> {
            found = book.log(view, id, 0, 1000);
            return {};
        }));
        return found;
    }
    void by_syslog(const char* sender, const std::string& line, Time at = noon) {
        Arrival arrival;
        arrival.source_name = "syslog";
        arrival.sender = *IpAddress::parse(sender);
        arrival.line = line;
        EXPECT_TRUE(arrivals.put(arrival));
        EXPECT_TRUE(arrivals.step(at));
    }
    void by_database(const char* host, const std::string& line, Time at = noon) {
        Arrival arrival;
        arrival.source = Arrival::Source::database;
        arrival.source_name = "database log1";
        arrival.host = host;
        arrival.line = line;
        EXPECT_TRUE(arrivals.file({arrival}, at));
    }
};

TEST(Arrivals, AnEventBecomesPartOfItsRequest) {
    World world;
    world.rings = 0;
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"), noon + std::chrono::seconds{5});
    const auto row = world.row();
    EXPECT_EQ(row.state, AccessState::waiting);
    EXPECT_EQ(row.switch_name, "sw1");
    EXPECT_EQ(row.port, "GigabitEthernet1/0/7");
    EXPECT_EQ(row.seen_at, noon + std::chrono::seconds{5});
    EXPECT_EQ(world.woken, 1);
    EXPECT_EQ(world.rings, 1);
    const auto log = world.log();
    ASSERT_EQ(log.size(), 1U);
    EXPECT_EQ(log[0].kind, AccessLine::Kind::event);
    EXPECT_EQ(log[0].place, "sw1");
    EXPECT_TRUE(log[0].text.starts_with("syslog, from 10.0.0.1: <186>41: *Mar")) << log[0].text;
}

TEST(Arrivals, BothSourcesAndEveryRepetitionAreOneEvent) {
    World world;
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"));
    const auto version = world.row().version;
    world.by_database("sw1.example.org", violation("GigabitEthernet1/0/7"), noon + std::chrono::seconds{5});
    for (int i = 0; i < 10; ++i)
        world.by_syslog("10.0.0.1", violation("Gi1/0/7"), noon + std::chrono::seconds{6 + i});
    EXPECT_EQ(world.row().version, version);
    EXPECT_EQ(world.row().seen_at, noon);
    EXPECT_EQ(world.log().size(), 1U);
}

TEST(Arrivals, WhoPlugsItInElsewhereIsFollowed) {
    World world;
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"));
    world.change([](AccessRequest& row) {
        row.next_try = noon + std::chrono::hours{1};
        row.tries = 7;
        row.outcome = "access.why.unreachable";
        row.facts = {{"a", "b"}};
    });
    world.by_database("10.0.0.2", violation("Fa0/3"));
    const auto row = world.row();
    EXPECT_EQ(row.switch_name, "sw2");
    EXPECT_EQ(row.port, "FastEthernet0/3");
    EXPECT_FALSE(row.next_try);
    EXPECT_EQ(row.tries, 0);
    EXPECT_EQ(row.outcome, "");
    EXPECT_TRUE(row.facts.empty());
    EXPECT_EQ(world.log().size(), 2U);
}

TEST(Arrivals, BeforeTheCodeCameBackTheEventIsKept) {
    World world;
    world.change([](AccessRequest& row) { row.state = AccessState::confirming; });
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"));
    EXPECT_EQ(world.row().state, AccessState::confirming);
    EXPECT_EQ(world.row().port, "GigabitEthernet1/0/7");
}

TEST(Arrivals, APortThatIsWorkedOnIsLeftToFinish) {
    World world;
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"));
    world.change([](AccessRequest& row) { row.state = AccessState::working; });
    const auto version = world.row().version;
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"));
    EXPECT_EQ(world.log().size(), 1U);
    world.by_syslog("10.0.0.2", violation("Gi1/0/8"));
    EXPECT_EQ(world.row().version, version);
    EXPECT_EQ(world.log().size(), 2U) << "told, no more";
}

TEST(Arrivals, WhoIsNotListedIsOnlyToldAbout) {
    World world;
    for (int i = 0; i < 3; ++i) {
        world.by_syslog("10.0.0.9", violation("Gi1/0/7"));
        world.by_syslog("10.0.0.66", "<186>1: sw1: 5: Jul 14 2023 08:23:43.398 UTC: " + violation("Gi1/0/7"));
    }
    EXPECT_EQ(world.row().switch_name, "");
    const auto log = world.log();
    ASSERT_EQ(log.size(), 4U);
    EXPECT_EQ(log[1].text, "Ignored: 10.0.0.9 is none of the listed switches.");
    EXPECT_EQ(log[1].kind, AccessLine::Kind::note);
    EXPECT_EQ(world.arrivals.counts().unlisted, 2U);
}

TEST(Arrivals, AFloodOfSendersFillsNoLog) {
    World world;
    for (int i = 0; i < 250; ++i)
        world.by_syslog(("192.0.2." + std::to_string(i)).c_str(), violation("Gi1/0/7"));
    EXPECT_LE(world.log().size(), 64U);
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"));
    EXPECT_EQ(world.row().switch_name, "sw1") << "and hides no true one";
}

TEST(Arrivals, ABundleHearsWhatIsPluggedInElsewhere) {
    World world;
    for (const auto* port : {"Po1", "Po1", "Port-channel1", "Vlan20"})
        world.by_syslog("10.0.0.1", violation(port));
    EXPECT_EQ(world.row().switch_name, "");
    const auto log = world.log();
    ASSERT_EQ(log.size(), 4U);
    EXPECT_NE(log[1].text.find("behind another switch: Port-channel1"), std::string::npos) << log[1].text;
    world.by_syslog("10.0.0.2", violation("Gi1/0/7"));
    EXPECT_EQ(world.row().switch_name, "sw2");
}

TEST(Arrivals, APortOutOfServiceIsAHintForWhoWaitsThere) {
    const std::string down =
        "<188>9: %PM-4-ERR_DISABLE: psecure-violation error detected on Gi1/0/7, putting Gi1/0/7 in "
        "err-disable "
        "state";
    World world;
    world.by_syslog("10.0.0.1", down);
    EXPECT_TRUE(world.log().empty()) << "it may be anybody's";
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"));
    const auto version = world.row().version;
    world.by_syslog("10.0.0.1", down);
    world.by_syslog("10.0.0.1", down);
    world.by_syslog("10.0.0.2", down);
    EXPECT_EQ(world.row().version, version);
    const auto log = world.log();
    ASSERT_EQ(log.size(), 2U);
    EXPECT_NE(log[1].text.find("ERR_DISABLE"), std::string::npos);
}

TEST(Arrivals, NobodyIsWaitedForAndNothingIsRead) {
    World world;
    world.by_syslog("10.0.0.1", violation("Gi1/0/7", "0013.1a41.5555"));
    world.by_syslog("10.0.0.1", "<186>1: %SYS-5-CONFIG_I: Configured from console");
    world.by_syslog("10.0.0.1", "");
    world.by_database("", "");
    world.change([](AccessRequest& row) { row.state = AccessState::done; });
    world.by_syslog("10.0.0.1", violation("Gi1/0/7"));
    EXPECT_TRUE(world.log().empty());
    EXPECT_EQ(world.row().switch_name, "");
}

TEST(Arrivals, WhatOthersWroteIsCleanAndShort) {
    World world;
    world.by_database("10.0.0.1", "\x1b[2J\r\n\x80 " + std::string(3000, 'x') + ' ' + violation("Gi1/0/7"));
    ASSERT_EQ(world.log().size(), 1U);
    const auto text = world.log()[0].text;
    EXPECT_LT(text.size(), 1200U);
    EXPECT_EQ(text.find_first_of("\x1b\r\n\x80"), std::string::npos);
}

TEST(Arrivals, AQueueWithoutRoomDropsAndCounts) {
    World world;
    Arrival arrival;
    arrival.sender = *IpAddress::parse("10.0.0.1");
    arrival.line = violation("Gi1/0/7");
    for (std::size_t i = 0; i < Arrivals::longest_queue; ++i)
        ASSERT_TRUE(world.arrivals.put(arrival));
    EXPECT_FALSE(world.arrivals.put(arrival));
    EXPECT_EQ(world.arrivals.counts().dropped, 1U);
    EXPECT_EQ(world.arrivals.counts().taken, Arrivals::longest_queue);
    int steps = 0;
    while (world.arrivals.step(noon).value() == Duration::zero())
        ASSERT_LT(++steps, 100);
    EXPECT_EQ(world.log().size(), 1U);
    EXPECT_TRUE(world.arrivals.put(arrival));
}

TEST(Arrivals, WhatCouldNotBeStoredIsTriedAgain) {
    World world;
    Arrival arrival;
    arrival.sender = *IpAddress::parse("10.0.0.1");
    arrival.line = violation("Gi1/0/7");
    const store::Store::Writing full = [](store::Transaction&) -> Result<void> {
        return fail(ErrorCode::full, "the disk is full");
    };
    EXPECT_FALSE(world.arrivals.file({arrival}, noon, full));
    EXPECT_EQ(world.row().switch_name, "") << "both or none";
    EXPECT_TRUE(world.log().empty());
    EXPECT_TRUE(world.arrivals.file({arrival}, noon, [](store::Transaction& tx) -> Result<void> {
        tx.set_value("place", "7");
        return {};
    }));
    EXPECT_EQ(world.row().switch_name, "sw1");
}

}  // namespace
}  // namespace garita::access
