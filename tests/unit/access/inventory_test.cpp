#include "access/inventory.hpp"

#include <gtest/gtest.h>

namespace garita::access {
namespace {

IpAddress address(const char* text) {
    return *IpAddress::parse(text);
}
IpNetwork network(const char* text) {
    return *IpNetwork::parse(text);
}

PortEvent said_by(std::string_view relayed, std::string_view origin = {}) {
    PortEvent event;
    event.relayed = relayed;
    event.origin_id = origin;
    return event;
}

const std::vector<ListedSwitch> two = {
    {"sw1", address("10.0.0.1"), {"sw1.example.org", "10.9.1.1", "2001:db8::1"}},
    {"sw2", address("10.0.0.2"), {"SW-ACC-2"}},
};

TEST(Inventory, TheSocketsAddressSaysWhoseLineItIs) {
    const Inventory inventory(two);
    EXPECT_EQ(inventory.by_sender(address("10.0.0.1"), {}), "sw1");
    EXPECT_EQ(inventory.by_sender(address("10.9.1.1"), {}), "sw1") << "an alias may be an address";
    EXPECT_EQ(inventory.by_sender(address("2001:db8::1"), {}), "sw1");
    EXPECT_EQ(inventory.by_sender(address("10.0.0.2"), {}), "sw2");
    EXPECT_EQ(inventory.by_sender(address("10.0.0.3"), {}), "");
}

TEST(Inventory, WhatALineSaysOfItselfCountsOnlyFromARelay) {
    const Inventory inventory(two, {}, {network("10.0.7.0/24")});
    EXPECT_EQ(inventory.by_sender(address("10.0.0.1"), said_by("sw2", "sw2")), "sw1");
    EXPECT_EQ(inventory.by_sender(address("10.0.0.3"), said_by("sw2", "sw2")), "");
    EXPECT_EQ(inventory.by_sender(address("10.0.7.5"), said_by("sw-acc-2")), "sw2");
    EXPECT_EQ(inventory.by_sender(address("10.0.7.5"), said_by("10.0.0.1")), "sw1");
    EXPECT_EQ(inventory.by_sender(address("10.0.7.5"), said_by("", "SW1.EXAMPLE.ORG.")), "sw1");
    EXPECT_EQ(inventory.by_sender(address("10.0.7.5"), said_by("sw3")), "");
}

TEST(Inventory, InADatabaseTheHostIsAllThereIs) {
    const Inventory inventory(two);
    EXPECT_EQ(inventory.by_host("Sw1.Example.Org", {}), "sw1");
    EXPECT_EQ(inventory.by_host("10.0.0.2", {}), "sw2");
    EXPECT_EQ(inventory.by_host("loghost", said_by("", "SW-ACC-2")), "sw2");
    EXPECT_EQ(inventory.by_host("sw1", said_by("", "SW-ACC-2")), "sw1") << "the host goes before";
    EXPECT_EQ(inventory.by_host("loghost", {}), "");
    EXPECT_EQ(inventory.by_host("", {}), "");
    EXPECT_EQ(inventory.by_host(std::string(1000, 'a'), {}), "");
}

TEST(Inventory, WhoIsExcludedIsNotThere) {
    const Inventory inventory(two, {network("10.0.0.1"), network("10.9.0.0/16")}, {network("10.0.0.9")});
    EXPECT_EQ(inventory.by_sender(address("10.0.0.1"), {}), "");
    EXPECT_EQ(inventory.by_sender(address("2001:db8::1"), {}), "") << "its other addresses neither";
    EXPECT_EQ(inventory.by_host("sw1", {}), "");
    EXPECT_EQ(inventory.by_sender(address("10.0.0.9"), said_by("10.9.3.3", "sw2")), "")
        << "a line from there is nobody else's";
    EXPECT_EQ(inventory.by_host("10.9.3.3", said_by("", "sw2")), "");
    EXPECT_EQ(inventory.by_sender(address("10.0.0.2"), {}), "sw2");
}

TEST(Inventory, ANameOfSeveralIsNobodys) {
    auto three = two;
    three.push_back({"sw3", address("10.0.0.3"), {"sw-acc-2", "10.9.1.1"}});
    const Inventory inventory(three);
    EXPECT_EQ(inventory.by_host("SW-ACC-2", {}), "");
    EXPECT_EQ(inventory.by_sender(address("10.9.1.1"), {}), "");
    EXPECT_EQ(inventory.by_sender(address("10.0.0.3"), {}), "sw3");
    EXPECT_EQ(inventory.by_host("sw1", {}), "sw1") << "its own name twice is no doubt";
}

}  // namespace
}  // namespace garita::access
