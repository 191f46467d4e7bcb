// Who is let in, for how long, and who is shut out.

#include <algorithm>

#include "unit/adapters/hub_link/hub_side.hpp"

namespace garita::hub_link {
namespace {

using namespace testing;

class AgentRegistryTest : public HubSide {
  protected:
    Result<EnrolAnswer> enrol(const EnrolRequest& request, const std::string& from = "192.0.2.9") {
        return registry_.enrol(request, from, now_);
    }
    static std::string fresh_request() { return request_of(tls::make_client_key().value()); }
    std::string who(const std::string& request) {
        return registry_.identify(peer(fingerprint_of(request)), now_).value_or("nobody");
    }
    static std::string why(const Result<EnrolAnswer>& answer) {
        return answer ? "let in" : answer.error().text;
    }
};

TEST_F(AgentRegistryTest, ACodeLetsOneKeyInUnderItsName) {
    const auto code = code_for("web1");
    EXPECT_EQ(registry_.standings(now_)->size(), 0U) << "nobody is an agent by a code alone";
    const auto request = fresh_request();
    const auto answer = enrol(by_code(code, request));
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->name, "web1");
    EXPECT_EQ(answer->order_key, orders_.verifying().text());
    EXPECT_EQ(answer->expires_at, now_ + 24h);
    EXPECT_EQ(who(request), "web1");
    EXPECT_EQ(audited("agent_enrolled").size(), 1U);
    EXPECT_EQ(audited("agent_code").size(), 1U);
}

TEST_F(AgentRegistryTest, ALostAnswerIsGivenAgainToTheSameKeyOnly) {
    const auto code = code_for("web1");
    const auto request = fresh_request();
    const auto first = enrol(by_code(code, request));
    now_ += 1min;
    const auto again = enrol(by_code(code, request));
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->certificate, first->certificate);
    const auto thief = enrol(by_code(code, fresh_request()));
    ASSERT_FALSE(thief);
    EXPECT_EQ(thief.error().code, ErrorCode::forbidden);
    EXPECT_NE(why(thief).find("used already"), std::string::npos);
    EXPECT_EQ(audited("agent_refused").size(), 1U);
    now_ += 15min;
    EXPECT_NE(why(enrol(by_code(code, request))).find("ended at"), std::string::npos);
}

TEST_F(AgentRegistryTest, WrongOldReplacedAndForeignCodesAreRefusedWithTheReason) {
    const auto old = code_for("web1", 1min);
    now_ += 1min;
    EXPECT_NE(why(enrol(by_code(old, fresh_request()))).find("ended at"), std::string::npos);
    const auto first = code_for("web1");
    const auto second = code_for("web1");
    EXPECT_NE(why(enrol(by_code(first, fresh_request()))).find("later one"), std::string::npos);
    EXPECT_NE(why(enrol(by_code(second, fresh_request(), "web2"))).find("for web1, not for web2"),
              std::string::npos);
    EXPECT_NE(why(enrol(by_code(to_text(make_ticket({})), fresh_request()))).find("no such code"),
              std::string::npos);
    EXPECT_TRUE(enrol(by_code(second, fresh_request(), "web1"))) << "the failed ones have not used it up";
    EXPECT_EQ(audited("agent_refused").size(), 4U);
}

TEST_F(AgentRegistryTest, OnlyAdministratorsAndOnlyPlainNames) {
    for (const auto role : {Role::viewer, Role::operator_, Role::approver}) {
        const Actor eva{Actor::Kind::person, "eva", "cli", role};
        EXPECT_EQ(registry_.offer("web1", 15min, eva, now_).error().code, ErrorCode::forbidden);
        EXPECT_EQ(registry_.revoke("web1", eva, now_).error().code, ErrorCode::forbidden);
    }
    for (const std::string name : {"", "a b", "-web", ".web", "web\n1", "wéb", "a/b", "a;b", "CN=x,O=y",
                                   "0123456789012345678901234567890123456789012345678901234567890123456"})
        EXPECT_EQ(registry_.offer(name, 15min, ana, now_).error().code, ErrorCode::invalid) << name;
    EXPECT_FALSE(registry_.offer("web1", 31 * 24h, ana, now_));
    EXPECT_FALSE(registry_.offer("web1", 0s, ana, now_));
}

TEST_F(AgentRegistryTest, GuessingIsSlowedDownFromOneAddressAndNotForOthers) {
    for (std::size_t i = 0; i < WrongCodes::most_from_one; ++i)
        EXPECT_EQ(enrol(pre_shared("preset", "guess", fresh_request()), "2001:db8::1").error().code,
                  ErrorCode::forbidden);
    const auto right = pre_shared("preset", "code-of-preset", fresh_request());
    EXPECT_EQ(enrol(right, "2001:db8::2").error().code, ErrorCode::full) << "the same /64";
    EXPECT_EQ(audited("agent_refused").size(), WrongCodes::most_from_one);
    EXPECT_TRUE(enrol(right, "192.0.2.1"));
    now_ += 1min;
    EXPECT_TRUE(enrol(right, "2001:db8::2"));
}

TEST_F(AgentRegistryTest, TheCodeOfTheConfigurationIsForTheFirstTimeOnly) {
    const auto request = fresh_request();
    EXPECT_NE(why(enrol(pre_shared("other", "code-of-preset", request))).find("unknown name"),
              std::string::npos);
    ASSERT_TRUE(enrol(pre_shared("preset", "code-of-preset", request)));
    EXPECT_TRUE(enrol(pre_shared("preset", "code-of-preset", request))) << "a lost answer";
    EXPECT_NE(why(enrol(pre_shared("preset", "code-of-preset", fresh_request()))).find("first time"),
              std::string::npos);
    ASSERT_TRUE(registry_.revoke("preset", ana, now_));
    EXPECT_FALSE(enrol(pre_shared("preset", "code-of-preset", request)));
    EXPECT_FALSE(enrol(pre_shared("preset", "code-of-preset", fresh_request())));
    const auto again = fresh_request();
    EXPECT_TRUE(enrol(by_code(code_for("preset"), again)));
    EXPECT_EQ(who(again), "preset");
}

TEST_F(AgentRegistryTest, TheNextCertificateEndsTheOneBeforeWhenItIsUsed) {
    const auto first = fresh_request();
    ASSERT_TRUE(enrol(by_code(code_for("web1"), first)));
    EXPECT_EQ(who(first), "web1");
    now_ += 16h;
    const auto second = fresh_request();
    const auto next = registry_.renew("web1", second, now_);
    ASSERT_TRUE(next) << next.error().text;
    EXPECT_EQ(registry_.renew("web1", second, now_)->certificate, next->certificate) << "a lost answer";
    EXPECT_EQ(who(first), "web1") << "until the next one was used";
    EXPECT_EQ(who(second), "web1");
    EXPECT_EQ(who(first), "nobody");
    EXPECT_NE(registry_.identify(peer(fingerprint_of(first)), now_).error().text.find("taken its place"),
              std::string::npos);
    EXPECT_EQ(registry_.renew("web1", fresh_request(), now_).error().code, ErrorCode::full)
        << "not that often";
    EXPECT_EQ(registry_.renew("web1", first, now_ + 5h).error().code, ErrorCode::forbidden) << "an old key";
}

TEST_F(AgentRegistryTest, TwoWithTheSameStolenCertificateCannotBothGoOn) {
    const auto stolen = fresh_request();
    ASSERT_TRUE(enrol(by_code(code_for("web1"), stolen)));
    EXPECT_EQ(who(stolen), "web1");
    now_ += 16h;
    const auto thief = fresh_request();
    ASSERT_TRUE(registry_.renew("web1", thief, now_));
    EXPECT_EQ(who(thief), "web1");
    EXPECT_EQ(who(stolen), "nobody") << "the rightful one notices";
}

TEST_F(AgentRegistryTest, AnExpiredCertificateIsRefusedInWords) {
    const auto request = fresh_request();
    ASSERT_TRUE(enrol(by_code(code_for("web1"), request)));
    now_ += 24h - 1s;
    EXPECT_EQ(who(request), "web1");
    now_ += 1s;
    const auto refused = registry_.identify(peer(fingerprint_of(request)), now_);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("ended at"), std::string::npos);
    EXPECT_NE(refused.error().text.find("garita enroll web1"), std::string::npos);
}

TEST_F(AgentRegistryTest, RevokingEndsEverythingOfOneAgentAndOfNoOther) {
    const auto one = fresh_request();
    const auto other = fresh_request();
    ASSERT_TRUE(enrol(by_code(code_for("web1"), one)));
    ASSERT_TRUE(enrol(by_code(code_for("web2"), other)));
    const auto waiting = code_for("web1");
    EXPECT_EQ(who(one), "web1");
    ASSERT_TRUE(registry_.revoke("web1", ana, now_));
    EXPECT_EQ(cut_, std::vector{fingerprint_of(one)});
    EXPECT_EQ(who(one), "nobody");
    EXPECT_EQ(who(other), "web2");
    EXPECT_FALSE(enrol(by_code(waiting, fresh_request()))) << "its codes end too";
    EXPECT_EQ(registry_.revoke("web9", ana, now_).error().code, ErrorCode::not_found);
    const auto standings = registry_.standings(now_).value();
    ASSERT_EQ(standings.size(), 2U);
    EXPECT_EQ(standings[0].device.revoked_at, now_);
    EXPECT_EQ(audited("agent_revoked").size(), 1U);
    const auto back = fresh_request();
    ASSERT_TRUE(enrol(by_code(code_for("web1"), back)));
    EXPECT_EQ(who(back), "web1");
    EXPECT_EQ(who(one), "nobody") << "the old certificate stays ended";
}

TEST_F(AgentRegistryTest, WhoComesOrComesBackGetsWhatStandsOnAll) {
    const auto block_everywhere = [&](const std::string& on, const std::string& network) {
        EXPECT_TRUE(store_.write([&](store::Transaction& tx) -> Result<void> {
            tx.change_rule({on, "block", network, "drop", now_ + 1h, "ana", {}, "", RuleScope::everywhere},
                           now_);
            return {};
        }));
    };
    const auto blocked_on = [&](const std::string& device) {
        std::vector<std::string> networks;
        EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
            store::RuleQuery query;
            query.device = device;
            for (const auto& rule : view.rules(query))
                networks.push_back(rule.params);
            std::sort(networks.begin(), networks.end());
            return {};
        }));
        return networks;
    };
    ASSERT_TRUE(enrol(by_code(code_for("web1"), fresh_request())));
    block_everywhere("web1", "192.0.2.1");
    ASSERT_TRUE(enrol(by_code(code_for("web2"), fresh_request())));
    EXPECT_EQ(blocked_on("web2"), std::vector<std::string>{"192.0.2.1"});
    ASSERT_TRUE(registry_.revoke("web2", ana, now_));
    block_everywhere("web1", "192.0.2.2");
    ASSERT_TRUE(enrol(by_code(code_for("web2"), fresh_request())));
    EXPECT_EQ(blocked_on("web2"), (std::vector<std::string>{"192.0.2.1", "192.0.2.2"}));
}

TEST(EnrolmentCodes, AreReadWholeOrNotAtAll) {
    tls::Fingerprint hub;
    hub.sha256.fill(7);
    const auto text = to_text(make_ticket(hub));
    EXPECT_EQ(text.size(), 72U);
    EXPECT_EQ(parse_ticket(text)->hub, hub);
    EXPECT_NE(to_text(make_ticket(hub)), text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto wrong = text;
        wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(parse_ticket(wrong)) << i;
        EXPECT_FALSE(parse_ticket(text.substr(0, i))) << i;
    }
    EXPECT_FALSE(parse_ticket(text + "A"));
}

}  // namespace
}  // namespace garita::hub_link
