// From rows of a database to requests.

#include "programs/hub_access/database_poll.hpp"

#include "fakes/rows_in_memory.hpp"
#include "support/access_office.hpp"

namespace garita::programs {
namespace {

using namespace std::chrono_literals;

const std::string mac = "0013.1a41.544e";
const std::string port = "GigabitEthernet1/0/7";

std::string violation(const std::string& at = port, const std::string& of = mac) {
    return "%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address " + of +
           " on port " + at + ".";
}

class DatabasePollTest : public testing::Test {
  protected:
    void start(std::uint64_t look_back = 200000) {
        auto seen = std::make_unique<fakes::RowsInMemory>();
        table = seen.get();
        table->rows = rows;
        DatabasePoll::Settings settings;
        settings.name = "log1";
        settings.table = "db Syslog";
        settings.look_back = look_back;
        poll = std::make_unique<DatabasePoll>(settings, std::move(seen), office.store, office.book, arrivals);
        step();
    }
    void step() {
        office.now += 5s;
        const auto next = poll->step(office.now);
        EXPECT_TRUE(next) << next.error().text;
    }
    AccessRequest approved() {
        (void)office.approve(office.petition(0), mac);
        return office.requests().back();
    }
    AccessRequest request() { return office.requests().back(); }
    void seen_at(const std::string& name, const std::string& where) {
        auto changed = request();
        changed.switch_name = name;
        changed.port = where;
        EXPECT_TRUE(office.change(changed));
    }

    tests::AccessOffice office;
    access::Arrivals arrivals{office.store, office.book,
                              access::Inventory({{"sw1", *IpAddress::parse("192.0.2.1"), {"sw"}}}), [] {}};
    std::map<std::uint64_t, std::string> rows;
    fakes::RowsInMemory* table = nullptr;
    std::unique_ptr<DatabasePoll> poll;
};

TEST_F(DatabasePollTest, ARowAfterTheApprovalIsTheDevicesPlace) {
    start();
    approved();
    table->rows[1] = violation();
    step();
    EXPECT_EQ(request().switch_name, "sw1");
    EXPECT_EQ(request().port, port);
}

TEST_F(DatabasePollTest, ARowBeforeTheApprovalCountsToo) {
    start();
    table->rows[1] = violation();
    step();
    approved();
    EXPECT_EQ(request().switch_name, "");
    step();
    EXPECT_EQ(request().switch_name, "sw1");
    EXPECT_EQ(request().port, port);
    EXPECT_NE(office.log_of(1).find("database log1, before the approval, from sw"), std::string::npos)
        << office.log_of(1);
}

TEST_F(DatabasePollTest, ARowBeforeTheHubsStartCountsAsFarAsItLooksBack) {
    rows = {{10, violation()}, {500, violation(port, "0013.1a41.5401")}};
    start(490);
    approved();
    step();
    EXPECT_EQ(request().switch_name, "") << "further back than that";
    start(491);
    step();
    EXPECT_EQ(request().switch_name, "sw1");
}

TEST_F(DatabasePollTest, TheNewestRowWins) {
    rows = {{1, violation("GigabitEthernet1/0/1")}, {2, violation("GigabitEthernet1/0/2")}};
    start();
    table->rows[3] = violation("GigabitEthernet1/0/3");
    step();
    approved();
    step();
    EXPECT_EQ(request().port, "GigabitEthernet1/0/3");
}

TEST_F(DatabasePollTest, WhoWasLookedForOnceIsLeftToWhatComes) {
    rows = {{1, violation()}};
    start();
    approved();
    step();
    ASSERT_EQ(request().port, port);
    seen_at("", "");  // it was not there
    step();
    EXPECT_EQ(request().switch_name, "") << "the same old row says nothing new";
    table->rows[2] = violation();
    step();
    EXPECT_EQ(request().port, port);
}

TEST_F(DatabasePollTest, AfterARestartAnOldRowDoesNotOverruleWhatASwitchSaidSince) {
    rows = {{1, violation()}};
    approved();
    seen_at("sw2", "GigabitEthernet1/0/9");
    start();
    EXPECT_EQ(request().switch_name, "sw2");
}

}  // namespace
}  // namespace garita::programs
