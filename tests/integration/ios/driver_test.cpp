#include "adapters/ios/mac_address.hpp"
#include "switch_world.hpp"

namespace garita::ios {
namespace {

using access::Change;
using access::PortFacts;
using access::SecuredMac;

class IosDriverTest : public SwitchTest {
  protected:
    /// Facts, a MAC secured, proven and saved.
    void secure_all_the_way() {
        const auto session = opened();
        ASSERT_TRUE(session);
        const auto change = secure("Gi1/0/1", one_mac);
        const auto before = session->facts(change.port);
        ASSERT_TRUE(before) << before.error().text << log_.text();
        EXPECT_EQ(before->mode, PortFacts::Mode::access);
        EXPECT_TRUE(before->security_enabled);
        const auto applied = session->apply(change);
        ASSERT_TRUE(applied) << applied.error().text << log_.text();
        const auto verified = session->verify(change);
        ASSERT_TRUE(verified) << verified.error().text << log_.text();
        const auto saved = session->save();
        ASSERT_TRUE(saved) << saved.error().text << log_.text();
        EXPECT_NE(text_of("startup").find(one_mac), std::string::npos);
    }
};

TEST_F(IosDriverTest, SecuresProvesAndSaves) {
    start();
    secure_all_the_way();
    EXPECT_NE(log_.text().find("> switchport port-security mac-address sticky 0050.56aa.0101"),
              std::string::npos);
    EXPECT_EQ(log_.text().find("secret\n"), std::string::npos);
}

TEST_F(IosDriverTest, FactsOfAPort) {
    start({{"config",
            "hostname a-very-long-name-of-a-switch\ninterface GigabitEthernet1/0/1\n description Desk 4\n"
            " switchport mode access\n switchport port-security maximum 2\n"
            " switchport port-security violation restrict\n"
            " switchport port-security mac-address 0050.56aa.0102\n switchport port-security\n"
            "interface GigabitEthernet1/0/3\n switchport mode trunk\n"}});
    plug("Gi1/0/1", one_mac);
    const auto session = opened();
    ASSERT_TRUE(session);
    const auto facts = session->facts(port("Gi1/0/1"));
    ASSERT_TRUE(facts) << facts.error().text << log_.text();
    EXPECT_EQ(facts->description, "Desk 4");
    EXPECT_EQ(facts->link, PortFacts::Link::up);
    EXPECT_EQ(facts->maximum, 2U);
    EXPECT_EQ(facts->violation, access::PortViolation::restrict);
    EXPECT_EQ(facts->access_vlan, 1);
    ASSERT_EQ(facts->secured.size(), 2U);
    EXPECT_EQ(facts->secured[0].how, SecuredMac::How::fixed);
    EXPECT_EQ(facts->secured[1].how, SecuredMac::How::learnt);
    EXPECT_EQ(dotted(facts->secured[1].mac), one_mac);
    EXPECT_TRUE(std::any_of(facts->seen.begin(), facts->seen.end(),
                            [](const auto& one) { return dotted(one.mac) == one_mac; }));
    const auto trunk = session->facts(port("Gi1/0/3"));
    ASSERT_TRUE(trunk) << trunk.error().text << log_.text();
    EXPECT_EQ(trunk->mode, PortFacts::Mode::trunk);
    const auto where = session->where_secured(MacAddress::parse(other_mac).value());
    ASSERT_TRUE(where) << where.error().text;
    ASSERT_EQ(where->size(), 1U);
    EXPECT_EQ((*where)[0].port, port("Gi1/0/1"));
    EXPECT_EQ((*where)[0].how, SecuredMac::How::fixed);
    const auto nowhere = session->where_secured(MacAddress::parse("0050.56aa.0999").value());
    ASSERT_TRUE(nowhere) << nowhere.error().text << log_.text();
    EXPECT_TRUE(nowhere->empty());
    const auto change = secure("Gi1/0/2", "0050.56aa.0103");
    EXPECT_FALSE(session->apply(change));          // a dynamic port without sticky learning
    EXPECT_TRUE(session->facts(port("Gi1/0/1")));  // out of configuration mode again
}

TEST_F(IosDriverTest, WhatWasSecuredCanBeReleased) {
    start();
    const auto session = opened();
    ASSERT_TRUE(session);
    const auto before = text_of("running");
    const auto change = secure("Gi1/0/1", one_mac);
    ASSERT_TRUE(session->apply(change)) << log_.text();
    auto back = change;
    back.what = Change::What::release;
    EXPECT_FALSE(session->verify(back));
    ASSERT_TRUE(session->apply(back)) << log_.text();
    EXPECT_TRUE(session->verify(back));
    EXPECT_FALSE(session->verify(change));
    EXPECT_EQ(text_of("running"), before);
    const auto saved = session->save();
    EXPECT_TRUE(saved) << saved.error().text;
}

TEST_F(IosDriverTest, AnErrDisabledPortComesBack) {
    start();
    plug("Gi1/0/1", one_mac);
    switches_->ask("sw1", "disable", {{"port", "Gi1/0/1"}, {"cause", "psecure-violation"}});
    const auto session = opened();
    ASSERT_TRUE(session);
    const auto facts = session->facts(port("Gi1/0/1"));
    ASSERT_TRUE(facts) << facts.error().text << log_.text();
    EXPECT_EQ(facts->link, PortFacts::Link::err_disabled);
    EXPECT_EQ(facts->err_reason, "psecure-violation");
    auto change = secure("Gi1/0/1", one_mac);
    change.what = Change::What::recover;
    ASSERT_TRUE(session->apply(change)) << log_.text();
    const auto verified = session->verify(change);
    EXPECT_TRUE(verified) << verified.error().text << log_.text();
}

TEST_F(IosDriverTest, ALearntAddressIsForgotten) {
    start();
    plug("Gi1/0/2", one_mac);
    switches_->ask("sw1", "unplug", {{"port", "Gi1/0/2"}});
    const auto session = opened();
    ASSERT_TRUE(session);
    auto change = secure("Gi1/0/2", one_mac);
    change.what = Change::What::forget_learnt;
    ASSERT_TRUE(session->apply(change)) << log_.text();
    EXPECT_TRUE(session->verify(change));
}

TEST_F(IosDriverTest, ByTelnet) {
    start();
    login_.transport = access::SwitchLogin::Transport::telnet;
    login_.port = static_cast<std::uint16_t>(switches_->at("sw1").at("telnet").as_int64());
    secure_all_the_way();
}

TEST_F(IosDriverTest, OldAlgorithmsOnlyWhereItIsSaidSo) {
    start({{"algorithms", "legacy"}, {"host_key", "rsa"}});
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_NE(refused.error().text.find("legacy"), std::string::npos) << refused.error().text;
    login_.algorithms = access::SwitchLogin::Algorithms::legacy;
    secure_all_the_way();
}

TEST_F(IosDriverTest, AWrongPasswordGoesOutOnce) {
    start();
    login_.password = "wrong";
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
    EXPECT_EQ(refused.error().retry, Retry::no);
    EXPECT_EQ(count("refused_logins"), 1);
    login_.transport = access::SwitchLogin::Transport::telnet;
    login_.port = static_cast<std::uint16_t>(switches_->at("sw1").at("telnet").as_int64());
    const auto again = open();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::forbidden) << again.error().text;
    EXPECT_EQ(count("refused_logins"), 2);
}

TEST_F(IosDriverTest, AnotherHostKeyIsNotLoggedInTo) {
    start();
    switches_->ask("sw1", "new_host_key");
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
    EXPECT_NE(refused.error().text.find("SHA256:"), std::string::npos);
    login_.host_keys.clear();
    EXPECT_FALSE(open());
    EXPECT_EQ(count("logins"), 0);
    EXPECT_EQ(count("refused_logins"), 0);
}

TEST_F(IosDriverTest, AllLinesTakenIsToBeTriedLater) {
    start();
    for (const auto* refusal : {"close", "banner", "text"}) {
        modes({{"vty", 0}, {"refusal", refusal}});
        const auto busy = open();
        ASSERT_FALSE(busy) << refusal;
        EXPECT_EQ(busy.error().code, ErrorCode::unavailable) << refusal << ": " << busy.error().text;
        EXPECT_EQ(busy.error().retry, Retry::later);
    }
}

TEST_F(IosDriverTest, EnableInAllItsKinds) {
    start({{"enable_kind", "none"}});
    const auto none = open();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::forbidden) << none.error().text;
    for (const auto* kind : {"secret", "password", "aaa"}) {
        switches_->ask("sw1", "settings", {{"set", {{"enable_kind", kind}}}});
        login_.enable_secret = "secret";
        EXPECT_TRUE(opened()) << kind;
        login_.enable_secret = "wrong";
        const auto refused = open();
        ASSERT_FALSE(refused) << kind;
        EXPECT_EQ(refused.error().code, ErrorCode::forbidden) << kind << refused.error().text;
    }
}

TEST_F(IosDriverTest, APrivilegedAccountNeedsNoSecret) {
    start({{"users", {{"admin", {{"password", "admin"}, {"privilege", 15}}}}},
           {"banner_motd", "###########\n# staff only #\n# sw > #\n"},
           {"banner_exec", "Welcome to sw1#\n"}});
    login_.enable_secret.clear();
    secure_all_the_way();
}

TEST_F(IosDriverTest, PagingPiecesAndLogMessagesDoNoHarm) {
    start();
    modes({{"deny", {"^terminal length"}}, {"chunk", 1}});
    secure_all_the_way();
    for (const auto* where : {"echo", "output", "prompt"}) {
        modes({{"deny", boost::json::array{}},
               {"chunk", 0},
               {"splice",
                {{"where", where},
                 {"text", "*Mar  1 00:00:00: %LINK-3-UPDOWN: Interface Gi1/0/7, changed state to up"},
                 {"times", 2}}}});
        const auto session = opened();
        ASSERT_TRUE(session);
        const auto facts = session->facts(port("Gi1/0/1"));
        EXPECT_TRUE(facts) << where << ": " << facts.error().text << log_.text();
    }
}

}  // namespace
}  // namespace garita::ios
