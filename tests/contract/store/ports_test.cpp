// How open ports stand, and their history.

#include "contract/store_contract.hpp"

namespace garita::store::contract {
namespace {

PortSet ports(std::string_view text) {
    return PortSet::parse(text).value();
}

class StorePorts : public StoreContract {
  protected:
    static HostPorts some_host(const std::string& name) {
        HostPorts host;
        host.host = name;
        host.addresses = "192.0.2.1,2001:db8::1";
        host.answer = HostAnswer::heard;
        host.open = ports("22,80-90");
        host.open_udp = ports("53");
        host.scanned_at = at(1);
        host.next_at = at(2);
        host.drift = {ports("443"),
                      ports("8080-8090"),
                      ports("123"),
                      ports("161"),
                      {{25, "banner: 220 mail/\xC3\xA9, =%*"}}};
        host.services = {{22, ""}, {443, "certificate CN=a,O=b"}};
        host.since = at(3);
        host.where = "192.0.2.1: -443";
        host.suspected = PortDifference{{}, ports("9"), {}, {}};
        host.unknown_scans = 2;
        host.unknown_since = at(4);
        host.why = "no route to host";
        host.told = host.drift;
        host.told_unknown = true;
        host.muted_until = at(5);
        host.applied = CaseId{7};
        host.applied_unknown = CaseId{8};
        host.accepted = {{}, ports("25"), {}, {}};
        host.accepted_for = "22;;1-1024;;;";
        return host;
    }
    std::unique_ptr<PortBook> book = GetParam().port_book();
};

TEST_P(StorePorts, KeepsEveryHostAsItWasPutLast) {
    HostPorts plain;
    plain.host = "a.example.org";
    write([&](Transaction& tx) {
        book->put(tx, some_host("b.example.org"));
        book->put(tx, plain);
        auto changed = some_host("c.example.org");
        book->put(tx, changed);
        changed.suspected.reset();
        changed.told.reset();
        changed.muted_until.reset();
        changed.open = {};
        book->put(tx, changed);
        book->put(tx, some_host("d.example.org"));
        book->remove(tx, "d.example.org");
        book->remove(tx, "nobody");
    });
    if (GetParam().durable) reopen();
    read([&](View& view) {
        const auto all = book->hosts(view);
        ASSERT_EQ(all.size(), 3U);
        EXPECT_EQ(all[0], plain);
        EXPECT_EQ(all[1], some_host("b.example.org"));
        EXPECT_EQ(all[2].suspected, std::nullopt);
        EXPECT_EQ(all[2].told, std::nullopt);
        EXPECT_EQ(all[2].muted_until, std::nullopt);
        EXPECT_TRUE(all[2].open.empty());
        EXPECT_EQ(book->find(view, "b.example.org"), some_host("b.example.org"));
        EXPECT_EQ(book->find(view, "d.example.org"), std::nullopt);
    });
}

TEST_P(StorePorts, TellsTheHistoryFromTheNewestAndForgetsTheOldest) {
    write([&](Transaction& tx) {
        for (int i = 0; i < 5; ++i) {
            book->add(tx, {"a", at(i), "event " + std::to_string(i)});
            book->add(tx, {"b", at(i), "other"});
        }
    });
    read([&](View& view) {
        const auto events = book->history(view, "a", 2);
        ASSERT_EQ(events.size(), 2U);
        EXPECT_EQ(events[0], (PortEvent{"a", at(4), "event 4"}));
        EXPECT_EQ(events[1].what, "event 3");
        EXPECT_TRUE(book->history(view, "c", 2).empty());
    });
    write([&](Transaction& tx) {
        EXPECT_EQ(book->prune(tx, at(3), 4), 4U);
        EXPECT_EQ(book->prune(tx, at(3), 4), 2U);
        EXPECT_EQ(book->prune(tx, at(3), 4), 0U);
    });
    read([&](View& view) { EXPECT_EQ(book->history(view, "a", 9).size(), 2U); });
}

TEST_P(StorePorts, NothingStaysOfAWriteThatFails) {
    const auto failed = store().write([&](Transaction& tx) -> Result<void> {
        book->put(tx, some_host("a"));
        book->add(tx, {"a", at(1), "event"});
        return fail(ErrorCode::conflict, "no");
    });
    EXPECT_FALSE(failed);
    read([&](View& view) {
        EXPECT_TRUE(book->hosts(view).empty());
        EXPECT_TRUE(book->history(view, "a", 9).empty());
    });
}

INSTANTIATE_TEST_SUITE_P(Stores, StorePorts, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
