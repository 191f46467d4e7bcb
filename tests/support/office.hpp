#pragma once
// A hub's desk with all its workers on a store and a clock that the test moves.

#include <gtest/gtest.h>

#include "decide/desk.hpp"
#include "decide/expiry.hpp"
#include "decide/filing.hpp"
#include "decide/rule_desk.hpp"
#include "decide/settlement.hpp"
#include "decide/silence.hpp"
#include "support/store_under_test.hpp"

namespace garita::tests {

using namespace std::chrono_literals;

inline IpNetwork network(std::string_view text) {
    return IpNetwork::parse(text).value();
}
inline IpAddress address(std::string_view text) {
    return IpAddress::parse(text).value();
}
inline Actor person(std::string name, Role role = Role::operator_) {
    return {Actor::Kind::person, std::move(name), "telegram", role};
}

inline Alert flood_alert(const std::string& from, Severity severity = Severity::warning) {
    Alert alert;
    alert.device = "web1";
    alert.kind = "http_errors";
    alert.subject = from;
    alert.severity = severity;
    alert.address = network(from);
    alert.facts = {{"count", "50"}};
    return alert;
}
inline Alert login_alert(const std::string& from) {
    Alert alert;
    alert.device = "web1";
    alert.kind = "ssh_login";
    alert.subject = "root@" + from;
    alert.address = network(from);
    alert.facts = {{"pid", "4321"}, {"start_ticks", "99"}, {"peer_port", "50000"}, {"local_port", "22"}};
    return alert;
}
inline Alert load_alert(Severity severity = Severity::critical) {
    Alert alert;
    alert.device = "web1";
    alert.kind = "cpu_load";
    alert.subject = "host";
    alert.severity = severity;
    return alert;
}

/// Desk and workers on any store.
struct Office {
    explicit Office(store::Store& on) : store(on) {}

    store::Store& store;
    decide::DeskOptions options;
    decide::Desk desk{store, options};
    std::optional<decide::Filing> filing;
    decide::Settlement settlement{store};
    decide::Silence silence{store, options};
    decide::Expiry expiry{store, options};
    decide::RuleDesk rules{store, options};
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    int alerts_made = 0;

    void enrol(const std::string& name, std::vector<IpNetwork> own = {}) {
        Device device;
        device.name = name;
        device.protected_networks = std::move(own);
        write([&](store::Transaction& t) { decide::record_device(t, device, now); });
    }
    void write(const std::function<void(store::Transaction&)>& work) {
        const auto written = store.write([&](store::Transaction& t) -> Result<void> {
            work(t);
            return {};
        });
        ASSERT_TRUE(written) << written.error().text;
    }
    void raise(std::vector<Alert> alerts) {
        write([&](store::Transaction& t) {
            for (auto& alert : alerts) {
                alert.uid = std::to_string(++alerts_made);
                alert.at = now;
                (void)t.add_alert(alert);
            }
        });
    }
    /// Steps a worker until it has nothing more to do.
    void run(Worker& worker) {
        for (int i = 0; i < 1000; ++i) {
            const auto wait = worker.step(now);
            ASSERT_TRUE(wait) << wait.error().text;
            if (*wait > Duration::zero()) return;
        }
        FAIL() << worker.name() << " never comes to rest";
    }
    void file() {
        if (!filing) filing.emplace(store, options);
        run(*filing);
    }
    void file(Alert alert) {
        raise({std::move(alert)});
        file();
    }
    /// All cases, oldest first.
    std::vector<Case> cases() {
        std::vector<Case> all;
        (void)store.read([&](store::View& v) -> Result<void> {
            store::CaseQuery query;
            query.limit = 100000;
            all = v.cases(query);
            return {};
        });
        std::reverse(all.begin(), all.end());
        return all;
    }
    Case last_case() {
        const auto all = cases();
        return all.empty() ? Case{} : all.back();
    }
    template <typename Read>
    auto look(Read reading) {
        decltype(reading(std::declval<store::View&>())) found{};
        (void)store.read([&](store::View& v) -> Result<void> {
            found = reading(v);
            return {};
        });
        return found;
    }
    /// By hand, without a case. No devices: all.
    void block(std::vector<std::string> networks, std::vector<std::string> devices = {}) {
        decide::BlockOrder order;
        order.networks = std::move(networks);
        order.devices = std::move(devices);
        order.by = {Actor::Kind::person, "ana", "cli", Role::administrator};
        const auto outcome = rules.carry_out(order, now);
        ASSERT_TRUE(outcome) << outcome.error().text;
        ASSERT_TRUE(outcome->refused.empty()) << outcome->refused[0].error.text;
    }
    std::vector<Rule> rules_now() {
        return look([](store::View& v) {
            return v.rules(
                {.device = {}, .name = {}, .params = {}, .case_id = {}, .after = {}, .limit = 1000000});
        });
    }
    std::vector<Action> actions(const Case& about) {
        return look([&](store::View& v) { return v.actions_of(about.id); });
    }
    std::vector<std::string> verbs() {
        const auto entries =
            look([](store::View& v) { return v.audit({.object = {}, .before = {}, .limit = 100000}); });
        std::vector<std::string> all;
        for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
            all.push_back(entry->verb);
        return all;
    }
    Result<decide::AnswerOutcome> answer(const Case& about, Response response,
                                         const Actor& by = person("ana"),
                                         std::optional<IpAddress> from = {}) {
        decide::AnswerRequest request;
        request.case_id = about.id;
        request.response = response;
        request.by = by;
        request.from = from;
        return desk.answer(request, now);
    }
};

/// For fixtures: an office on a store of its own, with one agent.
class DeskTest : public ::testing::Test {
  protected:
    DeskTest() {
        store.on_ring([this](const store::Ring& ring) { rung.push_back(ring); });
        office.enrol("web1", {network("198.51.100.10"), network("198.51.100.1")});
    }
    std::vector<store::Ring> rung;  ///< all so far
    StoreUnderTest kept;
    store::Store& store = kept.store();
    Office office{store};
};

}  // namespace garita::tests
