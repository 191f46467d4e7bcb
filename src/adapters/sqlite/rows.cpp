#include "adapters/sqlite/rows.hpp"

#include "adapters/sqlite/strict_reading.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/text.hpp"

namespace garita::sqlite {

namespace json = runtime::json;

const std::string select_alert =
    "SELECT id, uid, device, kind, subject, severity, at, address, facts, decided_policy, decided_at, "
    "decided_lasts FROM alerts WHERE ";
const std::string select_case =
    "SELECT c.id, c.version, c.kind, c.device, c.subject, c.state, c.severity, c.opened_at, c.updated_at, "
    "c.last_alert_at, c.alert_count, c.address, c.facts, c.responses, c.expires_at, c.on_silence, "
    "c.on_silence_lasts, c.proposal, c.provisional, c.duty, d.id, d.response, d.by_kind, d.by_name, "
    "d.by_channel, d.by_role, d.at, d.lasts, d.comment FROM cases c LEFT JOIN decisions d ON d.case_id = "
    "c.id WHERE ";
const std::string select_decision =
    "SELECT id, response, by_kind, by_name, by_channel, by_role, at, lasts, comment, case_id FROM decisions "
    "WHERE ";
const std::string select_action =
    "SELECT id, decision_id, case_id, device, what, state, result, created_at, expires_at, finished_at "
    "FROM actions WHERE ";
const std::string select_rule =
    "SELECT id, device, name, params, desired, current, expires_at, seq, author, case_id, comment, attempts, "
    "last_error, connections_cut, created_at, updated_at, everywhere, wanted_by_people FROM rules WHERE ";
const std::string select_message =
    "SELECT id, case_id, channel, place, external_id, shown_version, attempts, sending_since, next_try, "
    "last_error, abandoned FROM messages WHERE ";
const std::string select_audit =
    "SELECT id, at, by_kind, by_name, by_channel, by_role, verb, object, detail FROM audit WHERE ";
const std::string select_chain =
    "SELECT id, at, by_kind, by_name, by_channel, by_role, verb, object, detail, prev, hash FROM audit "
    "WHERE ";
const std::string select_device =
    "SELECT name, version, boot_id, last_seen, applied_seq, clock_offset, protected_networks, watches, "
    "troubles, logins, revoked_at FROM devices";
const std::string select_certificate =
    "SELECT key, device, serial, pem, issued_at, expires_at, first_used_at, revoked_at, revoked_because "
    "FROM agent_certificates WHERE ";

namespace {

boost::json::value document(std::string_view text) {
    return must(json::parse(text, "column"), "document", text);
}

Severity severity_of(std::int64_t number) {
    if (number < 1 || number > 3) damaged("severity", std::to_string(number));
    return static_cast<Severity>(number);
}

std::optional<IpNetwork> network_of(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return must(IpNetwork::parse(row.view(column)), "network", row.view(column));
}

std::vector<Response> responses_of(std::string_view text) {
    std::vector<Response> all;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        all.push_back(must(parse_response(text.substr(0, end)), "response", text));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return all;
}

std::vector<std::string> lines_of(std::string_view text) {
    const auto value = document(text);
    std::vector<std::string> lines;
    if (const auto* list = value.if_array())
        for (const auto& line : *list)
            if (const auto* found = line.if_string()) lines.emplace_back(found->data(), found->size());
    return lines;
}

Login login_of(const std::string& line) {
    const auto at = line.rfind(' ');  // no address has a blank, a user may
    if (at == std::string::npos) damaged("login", line);
    return {line.substr(0, at), must(IpAddress::parse(line.substr(at + 1)), "address", line)};
}

Actor actor_of(const Statement& row, int first) {
    return {word(row, first, parse_actor_kind, "kind of actor"), row.text(first + 1), row.text(first + 2),
            word(row, first + 3, parse_role, "role")};
}

Decision decision_of(const Statement& row, int first, CaseId case_id) {
    Decision decision;
    decision.id = row.id<DecisionId>(first);
    decision.case_id = case_id;
    decision.response = word(row, first + 1, parse_response, "response");
    decision.by = actor_of(row, first + 2);
    decision.at = row.time(first + 6);
    decision.lasts = row.optional_duration(first + 7);
    decision.comment = row.text(first + 8);
    return decision;
}

}  // namespace

Facts facts_of(std::string_view text) {
    return text == "{}" ? Facts{} : must(json::facts_from_json(document(text)), "set of facts", text);
}

void read_row(const Statement& row, Alert& alert) {
    alert.id = row.id<AlertId>(0);
    alert.uid = row.text(1);
    alert.device = row.text(2);
    alert.kind = row.text(3);
    alert.subject = row.text(4);
    alert.severity = severity_of(row.integer(5));
    alert.at = row.time(6);
    alert.address = network_of(row, 7);
    alert.facts = facts_of(row.view(8));
    if (!row.is_null(9)) alert.decided = {row.text(9), row.time(10), row.optional_duration(11)};
}

void read_row(const Statement& row, Case& read) {
    read.id = row.id<CaseId>(0);
    read.version = row.integer(1);
    read.kind = row.text(2);
    read.device = row.text(3);
    read.subject = row.text(4);
    read.state = word(row, 5, parse_case_state, "state");
    read.severity = severity_of(row.integer(6));
    read.opened_at = row.time(7);
    read.updated_at = row.time(8);
    read.last_alert_at = row.time(9);
    read.alert_count = row.integer(10);
    read.address = network_of(row, 11);
    read.facts = facts_of(row.view(12));
    read.responses = responses_of(row.view(13));
    read.expires_at = row.optional_time(14);
    read.on_silence = word(row, 15, parse_response, "response");
    read.on_silence_lasts = row.optional_duration(16);
    if (!row.is_null(17))
        read.proposal = must(json::proposal_from_json(document(row.view(17))), "proposal", row.view(17));
    if (!row.is_null(18))
        read.provisional =
            must(json::provisional_from_json(document(row.view(18))), "provisional block", row.view(18));
    if (!row.is_null(19))
        read.duty = must(json::duty_from_json(document(row.view(19))), "duty", row.view(19));
    if (!row.is_null(20)) read.decision = decision_of(row, 20, read.id);
}

void read_row(const Statement& row, Decision& decision) {
    decision = decision_of(row, 0, row.id<CaseId>(9));
}

void read_row(const Statement& row, Action& action) {
    action.id = row.id<ActionId>(0);
    action.decision_id = row.id<DecisionId>(1);
    action.case_id = row.id<CaseId>(2);
    action.device = row.text(3);
    action.order = must(json::order_from_json(document(row.view(4))), "order", row.view(4));
    action.state = word(row, 5, parse_action_state, "state");
    action.result = row.text(6);
    action.created_at = row.time(7);
    action.expires_at = row.time(8);
    action.finished_at = row.optional_time(9);
}

void read_row(const Statement& row, Rule& rule) {
    rule.id = row.id<RuleId>(0);
    rule.device = row.text(1);
    rule.name = row.text(2);
    rule.params = row.text(3);
    rule.desired = row.optional_text(4);
    rule.current = row.optional_text(5);
    rule.expires_at = row.optional_time(6);
    rule.seq = row.integer(7);
    rule.author = row.text(8);
    rule.case_id = row.id<CaseId>(9);
    rule.comment = row.text(10);
    rule.attempts = static_cast<int>(row.integer(11));
    rule.last_error = row.text(12);
    rule.connections_cut = row.integer(13);
    rule.created_at = row.time(14);
    rule.updated_at = row.time(15);
    rule.scope = row.integer(16) != 0 ? RuleScope::everywhere : RuleScope::device;
    rule.wanted_by_people = row.integer(17) != 0;
}

void read_row(const Statement& row, Message& message) {
    message.id = row.integer(0);
    message.case_id = row.id<CaseId>(1);
    message.channel = row.text(2);
    message.place = row.text(3);
    message.external_id = row.text(4);
    message.shown_version = row.integer(5);
    message.attempts = static_cast<int>(row.integer(6));
    message.sending_since = row.optional_time(7);
    message.next_try = row.optional_time(8);
    message.last_error = row.text(9);
    message.abandoned = row.integer(10) != 0;
}

void read_row(const Statement& row, AuditEntry& entry) {
    entry.id = row.integer(0);
    entry.at = row.time(1);
    entry.actor = actor_of(row, 2);
    entry.verb = row.text(6);
    entry.object = row.text(7);
    entry.detail = row.text(8);
}

void read_row(const Statement& row, AuditRow& link) {
    link.seq = row.integer(0);
    link.at = row.time(1);
    link.by_kind = row.text(2);
    link.by_name = row.text(3);
    link.by_channel = row.text(4);
    link.by_role = row.text(5);
    link.verb = row.text(6);
    link.object = row.text(7);
    link.detail = row.text(8);
    link.prev = row.hash(9);
    link.hash = row.hash(10);
}

void read_row(const Statement& row, Device& device) {
    device.name = row.text(0);
    device.version = row.text(1);
    device.boot_id = row.text(2);
    device.last_seen = row.optional_time(3);
    device.applied_seq = row.integer(4);
    device.clock_offset = Duration{row.integer(5)};
    for (const auto& line : lines_of(row.view(6)))
        device.protected_networks.push_back(must(IpNetwork::parse(line), "network", line));
    device.watches = lines_of(row.view(7));
    device.troubles = lines_of(row.view(8));
    for (const auto& line : lines_of(row.view(9)))
        device.logins.push_back(login_of(line));
    device.revoked_at = row.optional_time(10);
}

void read_row(const Statement& row, AgentCertificate& certificate) {
    certificate.key = row.text(0);
    certificate.device = row.text(1);
    certificate.serial = row.text(2);
    certificate.pem = row.text(3);
    certificate.issued_at = row.time(4);
    certificate.expires_at = row.time(5);
    certificate.first_used_at = row.optional_time(6);
    certificate.revoked_at = row.optional_time(7);
    certificate.revoked_because = row.text(8);
}

void read_row(const Statement& row, EnrolmentCode& code) {
    code.hash = row.text(0);
    code.device = row.text(1);
    code.author = row.text(2);
    code.created_at = row.time(3);
    code.expires_at = row.time(4);
    code.used_at = row.optional_time(5);
    code.used_by = row.text(6);
}

}  // namespace garita::sqlite
