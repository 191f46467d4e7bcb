// Nobody cuts off a person of the configuration who is logged in somewhere.

#include "support/office.hpp"

namespace garita::tests {
namespace {

class LiveLogins : public DeskTest {
  protected:
    LiveLogins() {
        Person ana;
        ana.name = "ana";
        ana.system_user = "anita";
        office.options.people.push_back(ana);
        log_in("anita", "203.0.113.9");
    }
    void log_in(const std::string& user, const std::string& from) {
        Device device;
        device.name = "web2";
        device.logins = {{user, address(from)}};
        office.write([&](store::Transaction& t) { t.put_device(device); });
    }
    std::string refusal(Response response = Response::block) {
        const auto outcome = office.answer(office.last_case(), response, person("ben", Role::approver));
        return outcome ? "" : outcome.error().text;
    }
};

TEST_F(LiveLogins, ABlockThatWouldHitOneIsRefusedWithItsReason) {
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(refusal(), "203.0.113.9 cannot be blocked: ana is logged in to web2 from 203.0.113.9");
    office.file(flood_alert("203.0.113.0/24"));
    EXPECT_NE(refusal().find("ana is logged in"), std::string::npos);
    office.file(flood_alert("203.0.114.0/24"));
    EXPECT_EQ(refusal(), "");
}

TEST_F(LiveLogins, ByHandAndByPolicyToo) {
    decide::BlockOrder order;
    order.networks = {"203.0.113.9", "203.0.113.10"};
    order.by = person("ben");
    const auto outcome = office.rules.carry_out(order, office.now);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->changed, 2U) << "one network on two devices";
    ASSERT_EQ(outcome->refused.size(), 1U);
    EXPECT_EQ(outcome->refused[0].error.code, ErrorCode::forbidden);

    decide::Policy policy;
    policy.mode = decide::Policy::Mode::automatic;
    policy.response = Response::block;
    office.options.policies = {policy};
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.last_case().state, CaseState::open) << "left to people";
}

TEST_F(LiveLogins, TheLoginThatIsAskedAboutDoesNotProtectItself) {
    auto stolen = login_alert("203.0.113.9");
    stolen.facts["user"] = "anita";
    office.file(stolen);
    EXPECT_EQ(refusal(), "");
}

TEST_F(LiveLogins, AStrangersLoginProtectsNothing) {
    log_in("root", "203.0.113.9");
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(refusal(), "");
}

TEST_F(LiveLogins, ALoginThatIsOverProtectsNoLonger) {
    log_in("anita", "203.0.113.200");
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(refusal(), "");
}

}  // namespace
}  // namespace garita::tests
