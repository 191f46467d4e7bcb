// A SIEM brings more incidents than a chat can take one by one: each chat has each of them, in lists.

#include "adapters/telegram/incident_list.hpp"

#include "channel_test.hpp"
#include "model/incident.hpp"

namespace garita::telegram {
namespace {

class IncidentList : public ChannelTest {
  protected:
    void bring(int count) {
        std::vector<Alert> alerts;
        for (int i = 0; i < count; ++i) {
            Alert alert;
            alert.device = "maxpatrol.soc";
            alert.kind = incident_kind;
            alert.subject = "id-" + std::to_string(++brought);
            alert.severity = Severity::critical;
            alert.facts = {
                {"key", "INC-" + std::to_string(brought)}, {"name", "Web attack"}, {"status", "New"}};
            alerts.push_back(std::move(alert));
        }
        office.raise(std::move(alerts));
        office.file();
    }
    /// In how many messages of the chat each incident stands.
    std::map<std::string, int> told() const {
        std::map<std::string, int> count;
        for (int i = 1; i <= brought; ++i) {
            const auto key = "INC-" + std::to_string(i);
            for (const auto& [id, shown] : api.messages)
                if ((shown.text + "\n").find(key + " ") != std::string::npos) ++count[key];
        }
        return count;
    }
    int brought = 0;
};

TEST_F(IncidentList, EachOfABurstIsToldOnceInFewMessages) {
    bring(500);
    start();
    send_for(2min);
    EXPECT_LE(api.messages.size(), 12U);
    EXPECT_EQ(told().size(), 500U);
    for (const auto& [key, times] : told())
        EXPECT_EQ(times, 1) << key;
    start();
    send_for(2min);
    EXPECT_LE(api.messages.size(), 12U) << "after a restart nothing is told again";
}

TEST_F(IncidentList, FewIncidentsAreQuestionsOfTheirOwn) {
    bring(3);
    start();
    send_for(2min);
    EXPECT_EQ(api.messages.size(), 3U);
    EXPECT_FALSE(api.messages.begin()->second.keyboard.empty());
}

TEST_F(IncidentList, ALineThatIsTappedIsAskedWithItsButtons) {
    bring(20);
    start();
    send_for(2min);
    const auto lists = api.messages.size();
    hear({say(1, ana, "/case_7")});
    EXPECT_EQ(api.messages.size(), lists) << "nothing is answered beside the question";
    send_for(2min);
    ASSERT_EQ(api.messages.size(), lists + 1);
    EXPECT_THAT(api.messages.rbegin()->second.text, HasSubstr("INC-7"));
    EXPECT_FALSE(api.messages.rbegin()->second.keyboard.empty());
    hear({say(2, ana, "/case_7")});
    EXPECT_EQ(api.messages.size(), lists + 2) << "it stands there already: it is only shown";
    EXPECT_TRUE(api.messages.rbegin()->second.keyboard.empty());
}

TEST_F(IncidentList, ALineTellsWhatBecameOfIt) {
    bring(20);
    start();
    send_for(2min);
    office.write([](store::Transaction& t) {
        auto about = *t.find_case(CaseId{3});
        about.facts["status"] = "Approved";
        ASSERT_TRUE(t.update_case(about));
    });
    const auto before = api.messages.size();
    send_for(2min);
    EXPECT_EQ(api.messages.size(), before);
    EXPECT_THAT(api.messages.begin()->second.text, HasSubstr("INC-3 Web attack – Approved"));
}

TEST_F(IncidentList, KilledWhileAListIsSentItIsSentOnceMoreAndMarked) {
    bring(20);
    start();
    // the power fails when Telegram has the list and the store does not know it
    api.after_effect = [&] { store.refuse_writes(Error{ErrorCode::io, "no power", Retry::no}); };
    EXPECT_FALSE(sender->step(office.now));
    api.after_effect = nullptr;
    store.refuse_writes(std::nullopt);
    start();
    send_for(2min);
    ASSERT_EQ(api.messages.size(), 2U);
    EXPECT_THAT(api.messages.begin()->second.text, Not(HasSubstr("twice")));
    EXPECT_THAT(api.messages.rbegin()->second.text, HasSubstr("twice"));
    for (const auto& [key, times] : told())
        EXPECT_EQ(times, 2) << key;
}

TEST_F(IncidentList, ARefusedListComesLaterWhole) {
    bring(20);
    start();
    int refusals = 2;
    api.fault = [&](std::int64_t) -> std::optional<ApiError> {
        if (refusals-- <= 0) return std::nullopt;
        return ApiError{ApiError::Kind::slow_down, "Too Many Requests", 5s, 0, false};
    };
    send_for(2min);
    EXPECT_EQ(api.messages.size(), 1U);
    EXPECT_EQ(told().size(), 20U);
}

TEST_F(IncidentList, AGroupThatMovesHasThemInListsAgain) {
    constexpr std::int64_t super = -1000000000600;
    settings.chats = {{{group, std::nullopt}, "en"}};
    bring(60);
    start();
    send_for(2min);
    const auto before = api.in(group).size();
    api.fault = [&](std::int64_t to) -> std::optional<ApiError> {
        if (to != group) return std::nullopt;
        return ApiError{ApiError::Kind::migrated, "group chat was upgraded", {}, super, false};
    };
    bring(1);
    send_for(2min);
    EXPECT_LE(api.in(super).size(), before + 1);
    std::string all;
    for (const auto& shown : api.in(super))
        all += shown.text + "\n";
    for (int i = 1; i <= brought; ++i)
        EXPECT_THAT(all, HasSubstr("INC-" + std::to_string(i) + " "));
}

TEST_F(IncidentList, WhatMayHaveArrivedStaysInDoubtOverARefusal) {
    bring(20);
    start();
    int tries = 0;
    api.fault = [&](std::int64_t) -> std::optional<ApiError> {
        ++tries;
        if (tries == 1) return ApiError{ApiError::Kind::transient, "the answer is lost", {}, 0, true};
        if (tries == 2) return ApiError{ApiError::Kind::slow_down, "Too Many Requests", 5s, 0, false};
        return std::nullopt;
    };
    send_for(2min);
    ASSERT_EQ(api.messages.size(), 1U);
    EXPECT_THAT(api.messages.begin()->second.text, HasSubstr("may appear twice"));
}

TEST_F(IncidentList, OneQuestionInDoubtStaysSoOverARefusal) {
    bring(1);
    start();
    int tries = 0;
    api.fault = [&](std::int64_t) -> std::optional<ApiError> {
        ++tries;
        if (tries == 1) return ApiError{ApiError::Kind::transient, "the answer is lost", {}, 0, true};
        if (tries == 2) return ApiError{ApiError::Kind::slow_down, "Too Many Requests", 5s, 0, false};
        return std::nullopt;
    };
    send_for(2min);
    ASSERT_EQ(api.messages.size(), 1U);
    EXPECT_THAT(api.messages.begin()->second.text, HasSubstr("may appear twice"));
}

TEST_F(IncidentList, OrdinaryFloodsStillComeAsADigestBesideIt) {
    for (int i = 0; i < 30; ++i)
        office.file(tests::flood_alert("203.0.113." + std::to_string(i)));
    bring(20);
    start();
    send_for(2min);
    EXPECT_EQ(told().size(), 20U);
    EXPECT_LE(api.messages.size(), 3U);
}

}  // namespace
}  // namespace garita::telegram
