// What a device that joins later is given of what stands on every one.

#include "contract/store/rules_fixture.hpp"

namespace garita::store::contract {
namespace {

using StoreInheritedRules = StoreRules;

TEST_P(StoreInheritedRules, ADeviceThatJoinsInheritsWhatStandsEverywhere) {
    auto wish = everywhere(block("web1", "192.0.2.1"));
    wish.expires_at = at(900);
    wish.case_id = CaseId{4};
    change(wish);
    wish.device = "web2";
    change(wish);
    change(everywhere(block("web2", "192.0.2.2")));  // for ever
    change(block("web2", "192.0.2.3"));              // meant for web2 alone
    change(unblock("web2", change(everywhere(block("web2", "192.0.2.4")))->params));
    auto over = everywhere(block("web2", "192.0.2.5"));
    over.expires_at = at(100);
    change(over);
    confirm("web1", 100);
    confirm("web2", 100);

    EXPECT_EQ(inherit("web3", 100), 2U);
    const auto got = all({.device = "web3"});
    ASSERT_EQ(params(got), (Params{"192.0.2.1", "192.0.2.2"}));
    EXPECT_EQ(got[0].desired, "drop");
    EXPECT_EQ(got[0].current, std::nullopt);
    EXPECT_EQ(got[0].expires_at, at(900));
    EXPECT_EQ(got[0].author, "ana (telegram)");
    EXPECT_EQ(got[0].comment, "because");
    EXPECT_EQ(got[0].case_id, CaseId{4});
    EXPECT_EQ(got[0].created_at, at(100));
    EXPECT_EQ(got[0].scope, RuleScope::everywhere);
    EXPECT_EQ(got[1].expires_at, std::nullopt);
    EXPECT_LT(got[0].seq, got[1].seq);
    read([&](View& view) {
        EXPECT_EQ(view.last_rule_seq("web3"), got[1].seq);
        EXPECT_EQ(params(view.rule_changes("web3", 0, 10)), params(got));
    });
    EXPECT_EQ(progress(CaseId{4}).wanted, 3);
    EXPECT_EQ(progress(CaseId{4}).done, 2);
    EXPECT_EQ(confirm("web3", got[1].seq), (std::vector<CaseId>{CaseId{4}}));
    EXPECT_EQ(progress(CaseId{4}).done, 3);
    EXPECT_GT(change(block("web1", "192.0.2.9"))->seq, got[1].seq) << "numbers go on";

    EXPECT_EQ(inherit("web3", 100), 0U) << "once";
    EXPECT_EQ(inherit("web4", 100), 2U) << "also from one that has inherited";
    EXPECT_EQ(inherit("web5", 900), 1U) << "what is over is not";
}

TEST_P(StoreInheritedRules, OfOneWishOnSeveralDevicesTheNewestIsInherited) {
    auto wish = everywhere(block("web1", "192.0.2.1"));
    wish.expires_at = at(900);
    change(wish);
    wish.device = "web2";
    wish.expires_at = at(800);
    change(wish);
    EXPECT_EQ(inherit("web3", 10), 1U);
    EXPECT_EQ(all({.device = "web3"})[0].expires_at, at(800));
}

TEST_P(StoreInheritedRules, AWishForOneDeviceMakesNoOtherNarrower) {
    change(everywhere(block("web1", "192.0.2.1")));
    auto longer = block("web1", "192.0.2.1");
    longer.expires_at = at(900);
    EXPECT_EQ(change(longer)->scope, RuleScope::everywhere);
    change(unblock("web1", "192.0.2.1"));
    EXPECT_EQ(change(longer)->scope, RuleScope::device) << "a new wish after it was taken back";
    EXPECT_EQ(inherit("web2", 10), 0U);
    const auto seq = all()[0].seq;
    longer.scope = RuleScope::everywhere;
    EXPECT_EQ(change(longer)->seq, seq) << "for the device nothing changes";
    EXPECT_EQ(change(longer), std::nullopt);
    EXPECT_EQ(inherit("web2", 10), 1U);
}

TEST_P(StoreInheritedRules, WhatTheDeviceHasAlreadyStaysAsItIs) {
    change(everywhere(block("web1", "192.0.2.1")));
    auto own = block("web2", "192.0.2.1");
    own.expires_at = at(900);
    const auto before = change(own);
    EXPECT_EQ(inherit("web2", 10), 0U);
    EXPECT_EQ(all({.device = "web2"})[0].expires_at, at(900));
    EXPECT_EQ(all({.device = "web2"})[0].seq, before->seq);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreInheritedRules, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
