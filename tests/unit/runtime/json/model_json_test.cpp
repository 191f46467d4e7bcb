// What is written is read back the same; what is wrong is refused by its path.

#include "runtime/json/model_json.hpp"

#include <gtest/gtest.h>

#include "runtime/json/text.hpp"

namespace garita::runtime::json {
namespace {

const Time noon = *parse_iso8601("2026-11-22T12:00:00.000001Z");

Alert some_alert() {
    Alert alert;
    alert.uid = "web1-17";
    alert.device = "web1";
    alert.kind = "http_errors";
    alert.subject = "192.0.2.7";
    alert.severity = Severity::critical;
    alert.at = noon;
    alert.address = IpNetwork::parse("192.0.2.7");
    alert.facts = {{"count", "53"}, {"note", "línea 1\nline 2 \xD0\x96"}};
    return alert;
}

Case some_case() {
    Case shown;
    shown.id = CaseId{12};
    shown.version = 4;
    shown.kind = "ssh_login";
    shown.device = "db1";
    shown.subject = "root from 2001:db8::1";
    shown.state = CaseState::decided;
    shown.opened_at = noon;
    shown.updated_at = noon + std::chrono::seconds{5};
    shown.last_alert_at = noon;
    shown.alert_count = 3;
    shown.address = IpNetwork::parse("2001:db8::/64");
    shown.facts = {{"user", "root"}};
    shown.responses = {Response::allow, Response::close_connection, Response::block};
    shown.expires_at = noon + std::chrono::hours{1};
    shown.on_silence = Response::block;
    shown.on_silence_lasts = std::chrono::hours{24};
    shown.decision = Decision{DecisionId{3},
                              CaseId{12},
                              Response::block,
                              Actor{Actor::Kind::person, "ana", "telegram", Role::approver},
                              noon,
                              Duration{1'500'001},
                              "scanner"};
    return shown;
}

boost::json::value document(std::string_view text) {
    auto value = parse(text, "test");
    EXPECT_TRUE(value) << value.error().text;
    return value ? *value : boost::json::value();
}

/// Through text, as it travels.
template <typename T, typename Read>
void expect_round_trip(const T& original, Read read) {
    const auto text = serialize(to_json(original));
    const auto back = read(document(text), "", Unknown::refuse);
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(serialize(to_json(*back)), text);
}

TEST(ModelJson, AlertKeepsEverything) {
    const auto alert = some_alert();
    const auto back = alert_from_json(document(serialize(to_json(alert))));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->uid, alert.uid);
    EXPECT_EQ(back->severity, Severity::critical);
    EXPECT_EQ(back->at, alert.at);
    EXPECT_EQ(back->address, alert.address);
    EXPECT_EQ(back->facts, alert.facts);
    EXPECT_FALSE(back->id);
}

TEST(ModelJson, CaseKeepsEverything) {
    const auto original = some_case();
    const auto back = case_from_json(document(serialize(to_json(original))));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->responses, original.responses);
    EXPECT_EQ(back->on_silence_lasts, original.on_silence_lasts);
    ASSERT_TRUE(back->decision);
    EXPECT_EQ(back->decision->lasts, Duration{1'500'001});
    EXPECT_EQ(back->decision->by.role, Role::approver);
    expect_round_trip(original, case_from_json);
}

TEST(ModelJson, EveryOtherValueComesBackAsItWas) {
    Action action;
    action.id = ActionId{9};
    action.case_id = CaseId{12};
    action.device = "db1";
    action.order = CloseSession{4711, 123456789, *IpAddress::parse("2001:db8::1"), 50122, 22};
    action.created_at = noon;
    action.expires_at = noon + std::chrono::minutes{5};
    action.finished_at = noon;
    action.result = "session closed";
    expect_round_trip(action, action_from_json);
    for (const ActionOrder& order : {ActionOrder{Reboot{}}, ActionOrder{PowerOff{}}}) {
        const auto back = order_from_json(to_json(order));
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, order);
    }

    Rule rule;
    rule.id = RuleId{5};
    rule.device = "web1";
    rule.name = "block";
    rule.params = "192.0.2.0/24";
    rule.desired = "drop";
    rule.seq = 77;
    rule.last_error = "set is full";
    rule.expires_at = noon;
    rule.connections_cut = 12;
    expect_round_trip(rule, rule_from_json);
    EXPECT_EQ(rule_from_json(to_json(rule))->connections_cut, 12);
    RuleChange change;
    change.device = "web1";
    change.name = "block";
    change.params = "192.0.2.1";
    expect_round_trip(change, rule_change_from_json);
    change.desired = "drop";
    change.case_id = CaseId{3};
    expect_round_trip(change, rule_change_from_json);
    expect_round_trip(HeldRule{"block", "192.0.2.1", "drop", noon, 78}, held_rule_from_json);

    Device device;
    device.name = "web1";
    device.last_seen = noon;
    device.applied_seq = 78;
    device.clock_offset = Duration{-1'250'000};
    device.protected_networks = {*IpNetwork::parse("10.0.0.1"), *IpNetwork::parse("fe80::/10")};
    device.watches = {"/var/log/nginx/access.log"};
    device.troubles = {"no journal"};
    expect_round_trip(device, device_from_json);

    AuditEntry entry{4,          noon,     Actor{Actor::Kind::token, "billing", "rest", Role::operator_},
                     "rule_set", "rule x", ""};
    expect_round_trip(entry, audit_entry_from_json);
    expect_round_trip(StoreCounts{1, 2, 3, 4, 5}, counts_from_json);
    expect_round_trip(Progress{3, 1, 1, 12, {"web2: kernel refused"}}, progress_from_json);
}

struct Refusal {
    std::string_view name;
    std::string_view replace;  ///< member of a good alert
    std::string_view by;       ///< JSON text; empty: removed
    std::string_view error;
};

class RefusedAlert : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedAlert, IsToldWithItsPath) {
    auto value = to_json(some_alert());
    auto& object = value.as_object();
    object.erase(GetParam().replace);
    if (!GetParam().by.empty()) object.emplace(GetParam().replace, document(GetParam().by));
    const auto result = alert_from_json(value, "alerts[3]");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::invalid);
    EXPECT_EQ(result.error().text, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Members, RefusedAlert,
    testing::Values(
        Refusal{"word", "severity", "\"hot\"",
                "alerts[3].severity: 'hot' is not one of info, warning, critical"},
        Refusal{"missing", "device", "", "alerts[3].device: is missing"},
        Refusal{"type", "kind", "5", "alerts[3].kind: must be a text, not a number"},
        Refusal{"null", "uid", "null", "alerts[3].uid: must be a text, not null"},
        Refusal{"empty", "subject", "\"\"", "alerts[3].subject: must not be empty"},
        Refusal{"control", "subject", R"("a\u001b[2Jb")",
                "alerts[3].subject: must not hold control characters"},
        Refusal{"c1", "subject", R"("a\u009bb")", "alerts[3].subject: must not hold control characters"},
        Refusal{"address", "address", "\"192.0.2.1/24\"",
                "alerts[3].address: '192.0.2.1/24' is not an address or network"},
        Refusal{"unknown", "sevrity", "\"info\"", "alerts[3].sevrity: there is no such member"},
        Refusal{"time", "at", "\"yesterday\"",
                "alerts[3].at: 'yesterday' is not a time such as 2026-11-22T06:08:25Z"},
        Refusal{"id", "id", "-1", "alerts[3].id: -1 is not between 1 and 9223372036854775807"},
        Refusal{"big_id", "id", "9223372036854775808",
                "alerts[3].id: must be a whole number that fits 64 bits"},
        Refusal{"fact_type", "facts", R"({"a":1})", "alerts[3].facts.a: must be a text, not a number"},
        Refusal{"facts_list", "facts", "[]", "alerts[3].facts: must be an object, not a list"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ModelJson, SizesAreBounded) {
    auto alert = some_alert();
    auto value = to_json(alert);
    value.as_object()["kind"] = std::string(129, 'k');
    EXPECT_EQ(alert_from_json(value).error().text, "kind: 129 bytes, more than the 128 allowed");
    boost::json::object many;
    for (int i = 0; i < 65; ++i)
        many.emplace("f" + std::to_string(i), "x");
    value = to_json(alert);
    value.as_object()["facts"] = many;
    EXPECT_EQ(alert_from_json(value).error().text, "facts: more than 64 facts");
    value.as_object()["facts"] = {{"big", std::string(4097, 'x')}};
    EXPECT_EQ(alert_from_json(value).error().text, "facts.big: 4097 bytes, more than the 4096 allowed");
    EXPECT_FALSE(parse("[1,2,3]", "body", 6));
    EXPECT_EQ(parse("[1,2,3]", "body", 6).error().code, ErrorCode::full);
}

TEST(ModelJson, WhatADetectorSawIsAlwaysReadableAgain) {
    auto alert = some_alert();
    alert.facts["bytes"] = "GET \xFF\xFE/\xC3";
    alert.facts["long"] = std::string(4095, 'x') + "\xD0\x96\xD0\x96";
    for (int i = 0; i < 100; ++i)
        alert.facts["n" + std::to_string(i)] = "v";
    const auto back = alert_from_json(document(serialize(to_json(alert))));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->facts.size(), max_facts);
    EXPECT_EQ(back->facts.at("bytes"), "GET \xEF\xBF\xBD\xEF\xBF\xBD/\xEF\xBF\xBD");
    EXPECT_EQ(back->facts.at("long"), std::string(4093, 'x') + "\xE2\x80\xA6");
}

TEST(ModelJson, AnswersOfANewerPeerMayHoldMore) {
    auto value = to_json(some_case());
    value.as_object()["mood"] = "good";
    value.as_object()["decision"].as_object()["weather"] = 1;
    EXPECT_TRUE(case_from_json(value, "", Unknown::ignore));
    EXPECT_FALSE(case_from_json(value, "", Unknown::refuse));
}

TEST(ModelJson, ARuleChangeSaysUnsetExplicitly) {
    const auto change =
        rule_change_from_json(document(R"({"device":"a","name":"block","params":"192.0.2.1"})"));
    ASSERT_FALSE(change);
    EXPECT_EQ(change.error().text, "desired: is missing");
}

TEST(JsonText, TellsWhereADocumentBreaks) {
    EXPECT_EQ(parse("{\"a\":}", "body").error().code, ErrorCode::invalid);
    EXPECT_FALSE(parse("", "body"));
    EXPECT_FALSE(parse("{} x", "body"));
    EXPECT_FALSE(parse("\"\xFF\"", "body"));
    EXPECT_FALSE(parse(std::string(100'000, '['), "body"));
    EXPECT_TRUE(parse(" {\"a\":[1,2.5,null]} ", "body"));
    EXPECT_TRUE(parse("12", "body"));
}

TEST(JsonText, ReadsTimes) {
    const auto day = from_micros(1'795'327'705'000'000);
    EXPECT_EQ(to_iso8601(day), "2026-11-22T06:08:25.000000Z");
    EXPECT_EQ(parse_iso8601("2026-11-22T06:08:25Z"), day);
    EXPECT_EQ(parse_iso8601("2026-11-22T09:08:25+03:00"), day);
    EXPECT_EQ(parse_iso8601("2026-11-22T01:38:25.5-04:30"), day + std::chrono::milliseconds{500});
    for (const auto* bad :
         {"", "2026-11-22", "2026-11-22T06:08:25", "2026-13-22T06:08:25Z", "2026-02-30T06:08:25Z",
          "2026-11-22T24:08:25Z", "2026-11-22T06:08:25.Z", "2026-11-22T06:08:25.1234567Z",
          "2026-11-22T06:08:25Zx", "2026-11-22 06:08:25Z", "2026-11-22T06:08:25+0300"})
        EXPECT_FALSE(parse_iso8601(bad)) << bad;
}

}  // namespace
}  // namespace garita::runtime::json
