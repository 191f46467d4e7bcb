// What is done at one switch, and when it is tried again.

#include "access/switch_room.hpp"

#include "support/access_office.hpp"
#include "unit/access_desk/rendered.hpp"
#include "unit/switch_room/small_switch.hpp"

namespace garita::tests {
namespace {

const std::string here = "GigabitEthernet1/0/1";
const std::string there = "GigabitEthernet1/0/9";

class SwitchRoomTest : public testing::Test {
  protected:
    void TearDown() override { expect_whole_texts(office); }

    /// A request for this device, which sw1 has told of at port `here`.
    AccessRequest seen(const std::string& mac = "0011.2233.4455", const std::string& at = "sw1") {
        (void)office.approve(office.petition(0), mac);
        auto request = office.requests().back();
        request.switch_name = at;
        request.port = here;
        request.seen_at = office.now;
        EXPECT_TRUE(office.change(request));
        return office.request(request.id.value);
    }
    /// The next event about it, as before.
    void see_again(AccessRequest request) {
        request = office.request(request.id.value);
        request.switch_name = "sw1";
        request.port = here;
        EXPECT_TRUE(office.change(request));
    }
    /// The address stands in both configurations, and the journal still says that it was only planned.
    AccessRequest died_behind_the_save() {
        auto request = seen("0011.2233.445" + std::to_string(office.requests().size()));
        access::PortJournal journal;
        const auto port = access::PortName::parse(here).value();
        access::Change change;
        change.what = access::Change::What::secure;
        change.port = port;
        change.mac = request.mac;
        journal.changes.push_back(change);
        journal.before.push_back({port, access::PortFacts::Link::up, {}, {}});
        request.state = AccessState::working;
        request.journal = journal.text();
        EXPECT_TRUE(office.change(request));
        small.plugged[here] = request.mac;
        small.running = small.startup = {{here, request.mac.text()}};
        return office.request(request.id.value);
    }
    Duration step() {
        const auto next = room.step(office.now);
        EXPECT_TRUE(next) << next.error().text;
        return next.value_or(Duration{});
    }
    void survey_is_asked(const AccessRequest& request, const std::string& ports) {
        AccessSurvey survey;
        survey.request = request.id;
        survey.switch_name = "sw1";
        survey.asked_at = office.now;
        survey.ports = ports;
        EXPECT_TRUE(office.store.write([&](store::Transaction& transaction) -> Result<void> {
            office.book.put_survey(transaction, survey);
            return {};
        }));
    }
    void end(AccessRequest request, AccessState state) {
        request = office.request(request.id.value);
        request.state = state;
        request.ended_at = office.now;
        EXPECT_TRUE(office.change(request));
    }
    AccessSurvey survey(const AccessRequest& request) {
        for (const auto& one :
             office.read([&](store::View& v) { return office.book.surveys(v, request.id); }))
            if (one.switch_name == "sw1") return one;
        return {};
    }

    AccessOffice office;
    SmallSwitch small;
    SmallDriver driver{small};
    access::SwitchRoom room{
        {office.store, office.book, office.letters, driver, [this] { return office.now; }}, [] {
            access::SwitchRoomSettings made;
            made.login.name = "sw1";
            made.login.host = "192.0.2.1";
            return made;
        }()};
};

TEST_F(SwitchRoomTest, LetsInWhoIsThereAndSaves) {
    const auto request = seen();
    small.plugged[here] = request.mac;
    step();
    EXPECT_EQ(office.request(1).state, AccessState::done) << office.log_of(1);
    EXPECT_TRUE(small.lets_in(small.startup, here, request.mac));
    EXPECT_EQ(small.opened, 1);
}

TEST_F(SwitchRoomTest, WhoEndsItBeforeTheSaveHasItTakenBack) {
    const auto request = seen();
    small.plugged[here] = request.mac;
    small.on_apply = [&] {
        auto petition = office.petition(2);
        (void)office.desk.kill(petition, request.id, office.now);
    };
    step();
    EXPECT_EQ(office.request(1).state, AccessState::killed) << office.log_of(1);
    EXPECT_TRUE(small.running.empty());
    EXPECT_EQ(small.saves, 0);
    const auto told = office.queued().back();
    EXPECT_EQ(told.words, "access.killed");
    EXPECT_EQ(told.facts.at("who"), "olga (mail)");
}

TEST_F(SwitchRoomTest, AForgerOfEventsDoesNotPutOffTheNextLook) {
    const auto request = seen();
    step();
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    EXPECT_NE(office.log_of(1).find("the device is not there"), std::string::npos) << office.log_of(1);
    const int looked = small.opened;
    for (int i = 0; i < 5; ++i) {
        office.now += 10s;
        see_again(request);
        EXPECT_LE(step(), Duration{60s});
    }
    EXPECT_EQ(small.opened, looked) << "once a minute";
    small.plugged[here] = request.mac;
    office.now += 11s;
    step();
    EXPECT_EQ(office.request(1).state, AccessState::done) << office.log_of(1);
}

TEST_F(SwitchRoomTest, WhatTheSwitchDoesNotShowIsNotCalledAway) {
    const auto request = seen();
    small.plugged[here] = request.mac;
    small.shows_nothing = true;
    step();
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    EXPECT_NE(office.log_of(1).find("does not show whether"), std::string::npos) << office.log_of(1);
}

TEST_F(SwitchRoomTest, ASwitchThatIsAwayTakesNoneOfTheTries) {
    const auto request = seen();
    small.plugged[here] = request.mac;
    small.away = true;
    for (int i = 0; i < 10; ++i) {
        const auto wait = step();
        EXPECT_GT(wait, Duration{});
        EXPECT_LE(wait, Duration{5min});
        office.now += wait;
    }
    EXPECT_EQ(office.request(1).tries, 0);
    small.away = false;
    small.cut_in = 3;  // and then a session breaks behind the first change
    step();
    EXPECT_EQ(office.request(1).tries, 1) << office.log_of(1);
    small.cut_in = -1;
    for (int i = 0; i < 4 && office.request(1).state != AccessState::done; ++i) {
        office.now += 10min;
        step();
    }
    EXPECT_EQ(office.request(1).state, AccessState::done) << office.log_of(1);
    EXPECT_TRUE(small.lets_in(small.startup, here, request.mac));
}

TEST_F(SwitchRoomTest, PeopleHearOfSessionsThatAlwaysBreak) {
    const auto request = seen();
    small.plugged[here] = request.mac;
    for (int i = 0; i < 12; ++i) {
        small.cut_in = i == 0 ? 3 : 1;
        office.now += 10min;
        step();
    }
    std::size_t letters = 0;
    for (const auto& letter : office.queued())
        letters += letter.words == "access.session_breaks" ? 1U : 0U;
    EXPECT_EQ(letters, 1U);
    EXPECT_TRUE(is_open(office.request(1).state)) << "it is never given up";
}

/// Cut at each call of the session that takes an address out where it was before.
TEST_F(SwitchRoomTest, WhatIsTakenOutElsewhereIsSavedWhereverTheSessionBreaks) {
    for (int cut = 0; cut < 12; ++cut) {
        const auto request = seen("0011.2233.44" + std::to_string(10 + cut), "sw2");
        survey_is_asked(request, there);
        end(request, AccessState::done);
        small.running = small.startup = {{there, request.mac.text()}};
        small.cut_in = cut;
        const auto wait = step();
        if (!survey(request).cleared) {
            EXPECT_LE(wait, Duration{1min}) << "cut at " << cut;
        }
        small.cut_in = -1;
        for (int i = 0; i < 5 && !survey(request).cleared; ++i) {
            office.now += 2min;
            step();
        }
        EXPECT_TRUE(survey(request).cleared) << "cut at " << cut;
        EXPECT_TRUE(small.running.empty()) << "cut at " << cut;
        EXPECT_TRUE(small.startup.empty()) << "cut at " << cut << ": a restart would let it in again";
    }
}

TEST_F(SwitchRoomTest, AKillThatCameTooLateLeavesNobodyInAtTwoSwitches) {
    auto request = seen("0011.2233.4455", "sw2");
    request.killed_by = "olga (mail)";
    EXPECT_TRUE(office.change(request));
    survey_is_asked(request, there);
    end(request, AccessState::done);
    small.running = small.startup = {{there, request.mac.text()}};
    step();
    EXPECT_TRUE(survey(request).cleared);
    EXPECT_TRUE(small.running.empty());
    EXPECT_TRUE(small.startup.empty());
}

/// Saved, and the hub died before it could store that: what is taken back then is taken out of the startup
/// configuration too.
TEST_F(SwitchRoomTest, WhatWasSavedBeforeTheHubDiedIsTakenBackWithASave) {
    const auto request = died_behind_the_save();
    small.on_question = [&] {
        auto petition = office.petition(2);
        (void)office.desk.kill(petition, request.id, office.now);
        small.on_question = nullptr;
    };
    step();
    EXPECT_EQ(office.request(1).state, AccessState::killed) << office.log_of(1);
    EXPECT_TRUE(small.running.empty());
    EXPECT_TRUE(small.startup.empty()) << "a restart would let it in again";
}

TEST_F(SwitchRoomTest, ASaveThatIsRefusedAfterTheHubDiedLeavesNothingToARestart) {
    for (const int refused : {1, 2}) {
        const auto request = died_behind_the_save();
        small.refused_saves = refused;
        step();
        const auto after = office.request(request.id.value);
        // taken back with a save it is begun anew, at once; without one people have to look
        EXPECT_EQ(after.state, refused == 1 ? AccessState::done : AccessState::failed)
            << office.log_of(request.id.value);
        EXPECT_EQ(after.outcome.find("left") != std::string::npos, refused == 2) << after.outcome;
        EXPECT_EQ(small.saves, refused == 1 ? 2 : 0) << "once empty, once anew";
        EXPECT_EQ(small.lets_in(small.running, here, request.mac), refused == 1);
        small.saves = 0;
    }
}

TEST_F(SwitchRoomTest, ManyThatWaitElsewhereDoNotHideWhatIsDue) {
    std::vector<AccessRequest> waiting;
    EXPECT_TRUE(office.store.write([&](store::Transaction& transaction) -> Result<void> {
        for (unsigned i = 0; i < 300; ++i) {
            AccessRequest request;
            request.mac.bytes = {
                0, 0x11, 0x22, 0x33, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)};
            request.state = AccessState::waiting;
            request.created_at = office.now;
            request.id = office.book.insert(transaction, request);
            AccessSurvey survey;
            survey.request = request.id;
            survey.switch_name = "sw1";
            if (i + 1 < 300) survey.asked_at = office.now, survey.ports = there;
            office.book.put_survey(transaction, survey);
            waiting.push_back(request);
        }
        return {};
    }));
    step();
    EXPECT_TRUE(survey(waiting.back()).asked_at) << "the last one was asked too";
}

}  // namespace
}  // namespace garita::tests
