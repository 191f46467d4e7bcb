// Messages, tickets, and the small tables.

#include <map>
#include <random>
#include <set>

#include "contract/store_contract.hpp"
#include "runtime/json/model_json.hpp"

namespace garita::store::contract {
namespace {

using runtime::json::to_json;

class StoreMessages : public StoreContract {
  protected:
    /// A message as it stands after it was sent and shows the case's version 1.
    Message sent(CaseId id, const std::string& place) {
        auto message = some_message(id, place);
        write([&](Transaction& tx) {
            message.id = tx.insert_message(message);
            message.external_id = "m" + std::to_string(message.id);
            message.shown_version = 1;
            message.sending_since.reset();
            tx.update_message(message);
        });
        return message;
    }
    std::vector<std::int64_t> stale(int now) {
        std::vector<std::int64_t> all;
        read([&](View& view) {
            for (const auto& one : view.stale_messages("telegram", at(now), 100))
                all.push_back(one.id);
        });
        return all;
    }
    std::size_t without_message(const std::string& place) {
        std::size_t count = 0;
        read([&](View& view) { count = view.cases_without_message("telegram", place, 100).size(); });
        return count;
    }
};

using Ids = std::vector<std::int64_t>;

TEST_P(StoreMessages, EachOpenCaseWantsOneInEachPlace) {
    const auto first = add_case(some_case(1));
    const auto second = add_case(some_case(2));
    auto over = some_case(3);
    over.state = CaseState::observed;
    add_case(over);
    EXPECT_EQ(without_message("-100"), 2U);
    read([&](View& view) {
        const auto one = view.cases_without_message("telegram", "-100", 1);
        ASSERT_EQ(one.size(), 1U);
        EXPECT_EQ(one[0].id, first) << "oldest first";
    });
    sent(second, "-100");
    EXPECT_EQ(without_message("-100"), 1U);
    EXPECT_EQ(without_message("-200"), 2U);
    sent(first, "-100");
    EXPECT_EQ(without_message("-100"), 0U);
    add_case(some_case(4));
    EXPECT_EQ(without_message("-100"), 1U);
    const auto twice = store().write([&](Transaction& tx) -> Result<void> {
        tx.insert_message(some_message(first, "-100"));
        return {};
    });
    EXPECT_FALSE(twice);
}

TEST_P(StoreMessages, AreMissedWhateverHappenedBefore) {
    std::mt19937 random(5);
    std::map<std::string, std::set<std::int64_t>> has;
    std::map<std::int64_t, bool> is_open;
    const auto set_state = [&](std::int64_t id, CaseState state) {
        auto changed = must_find(CaseId{id});
        changed.state = state;
        write([&](Transaction& tx) { EXPECT_TRUE(tx.update_case(changed)); });
        is_open[id] = state == CaseState::open;
    };
    const auto missing = [&](const std::string& place) {
        Ids ids;
        for (const auto& [id, open] : is_open)
            if (open && !has[place].contains(id)) ids.push_back(id);
        return ids;
    };
    for (int step = 0; step < 300; ++step) {
        const std::string place = random() % 2 == 0 ? "-100" : "-200";
        const std::string other = place == "-100" ? "-200" : "-100";
        const auto some = is_open.empty() ? 0 : std::next(is_open.begin(), random() % is_open.size())->first;
        const auto choice = random() % 16;
        const auto wanting = missing(place);
        if (choice < 5 || some == 0) {
            is_open[add_case(some_case(step)).value] = true;
        } else if (choice < 12 && !wanting.empty()) {  // mostly the oldest, as a sender does it
            const auto id = choice < 10 ? wanting.front() : wanting[random() % wanting.size()];
            sent(CaseId{id}, place);
            has[place].insert(id);
        } else if (choice < 15) {
            set_state(some, is_open[some] ? CaseState::closed : CaseState::open);
        } else {
            write([&](Transaction& tx) { tx.move_messages("telegram", place, other); });
            has[other].merge(has[place]);
            has[place].clear();
        }
        for (const auto& asked : {place, other}) {
            Ids found;
            read([&](View& view) {
                for (const auto& one : view.cases_without_message("telegram", asked, 1000))
                    found.push_back(one.id.value);
            });
            ASSERT_EQ(found, missing(asked)) << asked << " after step " << step << ", choice " << choice;
        }
    }
}

TEST_P(StoreMessages, AreKeptWhole) {
    const auto id = add_case(some_case(1));
    auto message = sent(id, "-100/5");
    message.shown_version = 3;
    message.attempts = 4;
    message.next_try = at(9);
    message.last_error = "429";
    message.abandoned = true;
    write([&](Transaction& tx) { tx.update_message(message); });
    read([&](View& view) {
        const auto all = view.messages_of(id);
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all[0].id, message.id);
        EXPECT_EQ(all[0].case_id, id);
        EXPECT_EQ(all[0].channel, "telegram");
        EXPECT_EQ(all[0].place, "-100/5");
        EXPECT_EQ(all[0].external_id, message.external_id);
        EXPECT_EQ(all[0].shown_version, 3);
        EXPECT_EQ(all[0].attempts, 4);
        EXPECT_FALSE(all[0].sending_since);
        EXPECT_EQ(all[0].next_try, at(9));
        EXPECT_EQ(all[0].last_error, "429");
        EXPECT_TRUE(all[0].abandoned);
    });
}

TEST_P(StoreMessages, AreStaleWhenTheirCaseMovedOn) {
    const auto id = add_case(some_case(1));
    auto message = sent(id, "-100");
    EXPECT_EQ(stale(0), Ids{});
    write([&](Transaction& tx) { tx.touch_case(id, at(1)); });
    EXPECT_EQ(stale(0), Ids{message.id});
    message.shown_version = 2;
    write([&](Transaction& tx) { tx.update_message(message); });
    EXPECT_EQ(stale(0), Ids{});
    auto changed = must_find(id);
    write([&](Transaction& tx) { EXPECT_TRUE(tx.update_case(changed)); });
    EXPECT_EQ(stale(0), Ids{message.id});
    message.shown_version = 3;
    write([&](Transaction& tx) {
        tx.update_message(message);
        EXPECT_TRUE(tx.decide(some_decision(id, Response::allow), CaseState::closed, at(2)));
    });
    EXPECT_EQ(stale(0), Ids{message.id});
    message.next_try = at(10);
    write([&](Transaction& tx) { tx.update_message(message); });
    EXPECT_EQ(stale(9), Ids{});
    EXPECT_EQ(stale(10), Ids{message.id});
    message.abandoned = true;
    write([&](Transaction& tx) { tx.update_message(message); });
    EXPECT_EQ(stale(10), Ids{});
}

TEST_P(StoreMessages, WhatIsHeldBackComesAtItsTimeOrWithANewVersionOfItsCase) {
    const auto id = add_case(some_case(1));
    auto message = sent(id, "-100");
    message.shown_version = 0;
    message.next_try = at(1000);
    message.last_error = held_back;
    const auto hold = [&] { write([&](Transaction& tx) { tx.update_message(message); }); };
    hold();
    EXPECT_EQ(stale(999), Ids{});
    EXPECT_EQ(stale(1000), Ids{message.id});
    write([&](Transaction& tx) { tx.touch_case(id, at(1)); });
    EXPECT_EQ(stale(2), Ids{message.id});
    hold();
    write([&](Transaction& tx) {
        auto about = *tx.find_case(id);
        about.severity = Severity::critical;
        EXPECT_TRUE(tx.update_case(about));
    });
    EXPECT_EQ(stale(2), Ids{message.id});
    hold();
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.decide(some_decision(id, Response::allow), CaseState::closed, at(2)));
    });
    EXPECT_EQ(stale(2), Ids{message.id});
    message.last_error = "429";  // another system asked for this time
    hold();
    write([&](Transaction& tx) { tx.touch_case(id, at(1)); });
    EXPECT_EQ(stale(2), Ids{});
}

TEST_P(StoreMessages, StayFreshWhenTheirCaseIsOnlyNoted) {
    const auto id = add_case(some_case(1));
    sent(id, "-100");
    auto noted = must_find(id);
    noted.alert_count = 500;
    write([&](Transaction& tx) { EXPECT_TRUE(tx.note_case(noted)); });
    EXPECT_EQ(must_find(id).alert_count, 500);
    EXPECT_EQ(must_find(id).version, 1);
    EXPECT_EQ(stale(0), Ids{});
    noted.version = 7;
    write([&](Transaction& tx) { EXPECT_FALSE(tx.note_case(noted)); });
}

TEST_P(StoreMessages, AreStaleUntilTheyAreKnownToBeSent) {
    const auto id = add_case(some_case(1));
    auto message = some_message(id, "-100");
    message.shown_version = 1;
    write([&](Transaction& tx) { message.id = tx.insert_message(message); });
    EXPECT_EQ(stale(0), Ids{message.id}) << "begun and never confirmed";
    read([&](View& view) { EXPECT_TRUE(view.stale_messages("mail", at(0), 10).empty()); });
    message.sending_since.reset();
    message.next_try = at(5);
    write([&](Transaction& tx) { tx.update_message(message); });
    EXPECT_EQ(stale(4), Ids{});
    EXPECT_EQ(stale(5), Ids{message.id}) << "refused for now, never sent";
}

TEST_P(StoreMessages, FollowAChatThatMoved) {
    const auto open = add_case(some_case(1));
    const auto over = add_case(some_case(2));
    const auto both = add_case(some_case(3));
    sent(open, "-100");
    sent(over, "-100");
    sent(both, "-100");
    const auto there = sent(both, "-200");
    sent(open, "-300");
    const ButtonTicket ticket{"t1", open, Response::block, "telegram", "-100", at(1)};
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.decide(some_decision(over, Response::allow), CaseState::closed, at(2)));
        tx.insert_tickets({ticket});
        tx.move_messages("telegram", "-100", "-200");
    });
    EXPECT_EQ(without_message("-200"), 0U);
    read([&](View& view) {
        const auto moved = view.messages_of(open);
        ASSERT_EQ(moved.size(), 2U);
        EXPECT_EQ(moved[0].place, "-200");
        EXPECT_EQ(moved[0].external_id, "");
        EXPECT_FALSE(moved[0].abandoned);
        EXPECT_EQ(moved[1].place, "-300");
        EXPECT_TRUE(view.messages_of(over)[0].abandoned) << "nobody wants an old question twice";
        ASSERT_EQ(view.messages_of(both).size(), 1U);
        EXPECT_EQ(view.messages_of(both)[0].external_id, there.external_id);
        EXPECT_EQ(view.find_ticket("t1")->place, "-200");
    });
    EXPECT_EQ(stale(0).size(), 1U);
}

TEST_P(StoreMessages, TicketsAreKeptWhole) {
    const auto id = add_case(some_case(1));
    const ButtonTicket ticket{"kZx9", id, Response::close_connection, "telegram", "-100", at(1)};
    write([&](Transaction& tx) { tx.insert_tickets({ticket}); });
    read([&](View& view) {
        const auto found = view.find_ticket("kZx9");
        ASSERT_TRUE(found);
        EXPECT_EQ(found->case_id, id);
        EXPECT_EQ(found->response, Response::close_connection);
        EXPECT_EQ(found->channel, "telegram");
        EXPECT_EQ(found->place, "-100");
        EXPECT_EQ(found->created_at, at(1));
        EXPECT_FALSE(view.find_ticket("kzx9"));
    });
    EXPECT_FALSE(store().write([&](Transaction& tx) -> Result<void> {
        tx.insert_tickets({ticket});
        return {};
    }));
}

TEST_P(StoreMessages, DevicesAreKeptWhole) {
    Device device;
    device.name = "web1";
    device.version = "0.1";
    device.boot_id = "b";
    device.last_seen = at(1);
    device.applied_seq = 8;
    device.clock_offset = Duration{-1500};
    device.protected_networks = {*IpNetwork::parse("10.0.0.0/8"), *IpNetwork::parse("2001:db8::1")};
    device.watches = {"sshd", "línea"};
    device.troubles = {"no journal"};
    device.logins = {{"ana", *IpAddress::parse("2001:db8::5")}, {"o d d", *IpAddress::parse("192.0.2.5")}};
    Device bare;
    bare.name = "db1";
    write([&](Transaction& tx) {
        tx.put_device(device);
        tx.put_device(bare);
    });
    read([&](View& view) {
        ASSERT_TRUE(view.find_device("web1"));
        EXPECT_EQ(to_json(*view.find_device("web1")), to_json(device));
        EXPECT_EQ(view.find_device("web1")->logins, device.logins);
        EXPECT_FALSE(view.find_device("web2"));
        ASSERT_EQ(view.devices().size(), 2U);
        EXPECT_EQ(to_json(view.devices()[0]), to_json(bare));
    });
    device.last_seen = at(2);
    device.troubles.clear();
    write([&](Transaction& tx) { tx.put_device(device); });
    read([&](View& view) { EXPECT_EQ(to_json(*view.find_device("web1")), to_json(device)); });
}

TEST_P(StoreMessages, TheAuditTrailIsReadNewestFirst) {
    const Actor ana{Actor::Kind::person, "ana", "cli", Role::operator_};
    std::int64_t last = 0;
    write([&](Transaction& tx) {
        for (int n = 1; n <= 4; ++n) {
            const auto id = tx.add_audit({0, at(n), ana, "decide", "case " + std::to_string(n % 2), "block"});
            EXPECT_GT(id, last);
            last = id;
        }
    });
    read([&](View& view) {
        const auto all = view.audit({});
        ASSERT_EQ(all.size(), 4U);
        EXPECT_EQ(to_json(all[0]), to_json(AuditEntry{last, at(4), ana, "decide", "case 0", "block"}));
        EXPECT_EQ(view.audit({.object = "case 1"}).size(), 2U);
        EXPECT_EQ(view.audit({.limit = 1}).size(), 1U);
        const auto page = view.audit({.before = last, .limit = 2});
        ASSERT_EQ(page.size(), 2U);
        EXPECT_EQ(page[0].at, at(3));
    });
}

TEST_P(StoreMessages, ValuesAndSavedAnswers) {
    read([](View& view) { EXPECT_FALSE(view.value("offset")); });
    write([](Transaction& tx) {
        tx.set_value("offset", "1");
        tx.set_value("offset", std::string("2\0b", 3));
        tx.set_value("empty", "");
        EXPECT_EQ(tx.value("offset"), std::string("2\0b", 3));
        tx.save_answer("rest", "key1", "{}", at(1));
        tx.save_answer("rest", "key1", "{\"other\":1}", at(2));
    });
    read([](View& view) {
        EXPECT_EQ(view.value("offset"), std::string("2\0b", 3));
        EXPECT_EQ(view.value("empty"), "");
        EXPECT_EQ(view.saved_answer("rest", "key1"), "{}") << "the first answer stands";
        EXPECT_FALSE(view.saved_answer("link", "key1"));
    });
}

TEST_P(StoreMessages, CountsAreCounted) {
    const auto id = add_case(some_case(1));
    auto over = some_case(2);
    over.state = CaseState::closed;
    add_case(over);
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.add_alert(some_alert(1)));
        EXPECT_TRUE(tx.change_rule(block("web1", "192.0.2.1"), at(1)));
        EXPECT_TRUE(tx.change_rule(block("web1", "192.0.2.2"), at(1)));
        tx.confirm_rules("web1", 1, {}, 0, at(1));
        tx.insert_action(some_action(id, "db1"));
    });
    read([](View& view) { EXPECT_EQ(view.counts(), (StoreCounts{1, 1, 2, 1, 1})); });
}

TEST_P(StoreMessages, PruningTakesOnlyWhatIsOverAndOld) {
    const auto open = add_case(some_case(1));
    auto closed = some_case(2);
    closed.state = CaseState::closed;
    closed.updated_at = at(10);
    const auto old = add_case(closed);
    closed.updated_at = at(1000);
    closed.subject = "2001:db8::99";
    const auto recent = add_case(closed);
    sent(old, "-100");
    write([&](Transaction& tx) {
        for (int n = 1; n <= 3; ++n)
            tx.file_alert(*tx.add_alert(some_alert(n)), old);
        tx.file_alert(*tx.add_alert(some_alert(4)), open);
        tx.file_alert(*tx.add_alert(some_alert(5)), recent);
        EXPECT_TRUE(tx.add_alert(some_alert(6)));
        tx.insert_action(some_action(old, "db1"));
        tx.insert_tickets({{"t", old, Response::allow, "telegram", "-100", at(1)}});
        tx.save_answer("rest", "k", "{}", at(1));
        EXPECT_EQ(tx.prune({}, 100), 0U) << "no age given: nothing is old";
    });
    const Transaction::Retention age{at(500), at(5), at(500), at(500), at(500)};
    std::size_t removed = 0;
    int calls = 0;
    for (std::size_t piece = 1; piece > 0; ++calls) {
        write([&](Transaction& tx) { piece = tx.prune(age, 2); });
        EXPECT_LE(piece, 2U);
        removed += piece;
    }
    EXPECT_EQ(removed, 5U) << "an answer, three alerts, a case";
    EXPECT_GT(calls, 2);
    read([&](View& view) {
        EXPECT_FALSE(view.find_case(old));
        EXPECT_TRUE(view.find_case(open));
        EXPECT_TRUE(view.find_case(recent));
        EXPECT_EQ(view.alerts_of(open, 10).size(), 1U);
        EXPECT_EQ(view.alerts_of(recent, 10).size(), 1U);
        EXPECT_EQ(view.unfiled_alerts(10).size(), 1U);
        EXPECT_TRUE(view.messages_of(old).empty());
        EXPECT_TRUE(view.actions_of(old).empty());
        EXPECT_FALSE(view.find_ticket("t"));
        EXPECT_FALSE(view.saved_answer("rest", "k"));
    });
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreMessages, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
