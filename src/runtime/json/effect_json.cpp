// What decisions bring about: actions and rules; and devices, the audit trail, counts.

#include "runtime/json/ids.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::runtime::json {

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();

std::uint16_t read_port(Reader& in, std::string_view member) {
    return static_cast<std::uint16_t>(in.integer_or(member, 0, 65535, 0));
}

CloseSession read_close_session(Reader& in) {
    CloseSession order;
    order.pid = in.integer("pid", 0, most);
    order.start_ticks = static_cast<std::uint64_t>(in.integer("start_ticks", 0, most));
    const auto peer = in.text("peer", name_rule);
    if (const auto address = IpAddress::parse(peer))
        order.peer = *address;
    else
        in.refuse("peer", "'" + peer + "' is not an address");
    order.peer_port = read_port(in, "peer_port");
    order.local_port = read_port(in, "local_port");
    return order;
}

MoveIncident read_move_incident(Reader& in) {
    MoveIncident order;
    order.incident = in.text("incident", subject_rule);
    order.to = in.word("to", parse_incident_status, "New, Approved, InProgress, Resolved, Closed");
    order.by = in.text_or("by", line_rule, "");
    order.comment = in.text_or("comment", text_rule, "");
    return order;
}

}  // namespace

boost::json::value to_json(const ActionOrder& order) {
    Writer out;
    out.text("name", order_name(order));
    if (const auto* session = std::get_if<CloseSession>(&order))
        out.number("pid", session->pid)
            .number("start_ticks", static_cast<std::int64_t>(session->start_ticks))
            .text("peer", session->peer.text())
            .number("peer_port", session->peer_port)
            .number("local_port", session->local_port);
    if (const auto* move = std::get_if<MoveIncident>(&order))
        out.text("incident", move->incident)
            .text("to", to_text(move->to))
            .text_if("by", move->by)
            .text_if("comment", move->comment);
    return out.finish();
}

Result<ActionOrder> order_from_json(const boost::json::value& value, std::string_view where,
                                    Unknown unknown) {
    Reader in(value, where, unknown);
    const std::string name = in.text("name", name_rule);
    ActionOrder order = Reboot{};
    if (name == "close_session")
        order = read_close_session(in);
    else if (name == "power_off")
        order = PowerOff{};
    else if (name == "move_incident")
        order = read_move_incident(in);
    else if (name != "reboot")
        in.refuse("name", "'" + name + "' is not one of close_session, reboot, power_off, move_incident");
    return in.finish(order);
}

boost::json::value to_json(const Action& action) {
    return Writer()
        .id_if("id", action.id)
        .id_if("decision_id", action.decision_id)
        .id_if("case_id", action.case_id)
        .text("device", action.device)
        .value("order", to_json(action.order))
        .text("state", to_text(action.state))
        .text_if("result", action.result)
        .time("created_at", action.created_at)
        .time("expires_at", action.expires_at)
        .time_if("finished_at", action.finished_at)
        .finish();
}

Result<Action> action_from_json(const boost::json::value& value, std::string_view where, Unknown unknown) {
    Reader in(value, where, unknown);
    Action action;
    action.id = read_id<ActionId>(in, "id");
    action.decision_id = read_id<DecisionId>(in, "decision_id");
    action.case_id = read_id<CaseId>(in, "case_id");
    action.device = in.text("device", name_rule);
    action.order = in.object<ActionOrder>("order", order_from_json);
    action.state = in.word("state", parse_action_state, "pending, done, failed");
    action.result = in.text_or("result", text_rule, "");
    action.created_at = in.time("created_at");
    action.expires_at = in.time("expires_at");
    action.finished_at = in.optional_time("finished_at");
    return in.finish(std::move(action));
}

boost::json::value to_json(const Rule& rule) {
    return Writer()
        .id_if("id", rule.id)
        .text("device", rule.device)
        .text("name", rule.name)
        .text("params", rule.params)
        .text_or_null("desired", rule.desired)
        .text_or_null("current", rule.current)
        .time_if("expires_at", rule.expires_at)
        .number("seq", rule.seq)
        .text_if("author", rule.author)
        .id_if("case_id", rule.case_id)
        .text_if("comment", rule.comment)
        .number("attempts", rule.attempts)
        .text_if("last_error", rule.last_error)
        .number("connections_cut", rule.connections_cut)
        .time("created_at", rule.created_at)
        .time("updated_at", rule.updated_at)
        .finish();
}

Result<Rule> rule_from_json(const boost::json::value& value, std::string_view where, Unknown unknown) {
    Reader in(value, where, unknown);
    Rule rule;
    rule.id = read_id<RuleId>(in, "id");
    rule.device = in.text("device", name_rule);
    rule.name = in.text("name", name_rule);
    rule.params = in.text("params", subject_rule);
    rule.desired = in.nullable_text("desired", text_rule);
    rule.current = in.nullable_text("current", text_rule);
    rule.expires_at = in.optional_time("expires_at");
    rule.seq = in.integer("seq", 0, most);
    rule.author = in.text_or("author", line_rule, "");
    rule.case_id = read_id<CaseId>(in, "case_id");
    rule.comment = in.text_or("comment", text_rule, "");
    rule.attempts = static_cast<int>(in.integer_or("attempts", 0, std::numeric_limits<int>::max(), 0));
    rule.last_error = in.text_or("last_error", text_rule, "");
    rule.connections_cut = in.integer_or("connections_cut", 0, most, 0);
    rule.created_at = in.time("created_at");
    rule.updated_at = in.time("updated_at");
    return in.finish(std::move(rule));
}

boost::json::value to_json(const RuleChange& change) {
    return Writer()
        .text("device", change.device)
        .text("name", change.name)
        .text("params", change.params)
        .text_or_null("desired", change.desired)
        .time_if("expires_at", change.expires_at)
        .text_if("author", change.author)
        .id_if("case_id", change.case_id)
        .text_if("comment", change.comment)
        .finish();
}

Result<RuleChange> rule_change_from_json(const boost::json::value& value, std::string_view where,
                                         Unknown unknown) {
    Reader in(value, where, unknown);
    RuleChange change;
    change.device = in.text("device", name_rule);
    change.name = in.text("name", name_rule);
    change.params = in.text("params", subject_rule);
    change.desired = in.nullable_text("desired", text_rule);
    change.expires_at = in.optional_time("expires_at");
    change.author = in.text_or("author", line_rule, "");
    change.case_id = read_id<CaseId>(in, "case_id");
    change.comment = in.text_or("comment", text_rule, "");
    return in.finish(std::move(change));
}

boost::json::value to_json(const HeldRule& rule) {
    return Writer()
        .text("name", rule.name)
        .text("params", rule.params)
        .text("desired", rule.desired)
        .time_if("expires_at", rule.expires_at)
        .number("seq", rule.seq)
        .finish();
}

Result<HeldRule> held_rule_from_json(const boost::json::value& value, std::string_view where,
                                     Unknown unknown) {
    Reader in(value, where, unknown);
    HeldRule rule;
    rule.name = in.text("name", name_rule);
    rule.params = in.text("params", subject_rule);
    rule.desired = in.text("desired", text_rule);
    rule.expires_at = in.optional_time("expires_at");
    rule.seq = in.integer("seq", 0, most);
    return in.finish(std::move(rule));
}

boost::json::value to_json(const Device& device) {
    boost::json::array networks;
    for (const auto& network : device.protected_networks)
        networks.emplace_back(network.text());
    return Writer()
        .text("name", device.name)
        .text_if("version", device.version)
        .text_if("boot_id", device.boot_id)
        .time_if("last_seen", device.last_seen)
        .number("applied_seq", device.applied_seq)
        .seconds("clock_offset_seconds", device.clock_offset)
        .value("protected_networks", std::move(networks))
        .value("watches", to_json(device.watches))
        .value("troubles", to_json(device.troubles))
        .time_if("revoked_at", device.revoked_at)
        .finish();
}

Result<Device> device_from_json(const boost::json::value& value, std::string_view where, Unknown unknown) {
    Reader in(value, where, unknown);
    Device device;
    device.name = in.text("name", name_rule);
    device.version = in.text_or("version", line_rule, "");
    device.boot_id = in.text_or("boot_id", line_rule, "");
    device.last_seen = in.optional_time("last_seen");
    device.applied_seq = in.integer_or("applied_seq", 0, most, 0);
    device.clock_offset = in.seconds_or("clock_offset_seconds", Duration{0});
    for (const auto& text : in.texts("protected_networks", name_rule, 1024)) {
        if (const auto network = IpNetwork::parse(text))
            device.protected_networks.push_back(*network);
        else
            in.refuse("protected_networks", "'" + text + "' is not an address or network");
    }
    device.watches = in.texts("watches", text_rule, 256);
    device.troubles = in.texts("troubles", text_rule, 256);
    device.revoked_at = in.optional_time("revoked_at");
    return in.finish(std::move(device));
}

boost::json::value to_json(const AuditEntry& entry) {
    return Writer()
        .number("id", entry.id)
        .time("at", entry.at)
        .value("actor", to_json(entry.actor))
        .text("verb", entry.verb)
        .text("object", entry.object)
        .text_if("detail", entry.detail)
        .finish();
}

Result<AuditEntry> audit_entry_from_json(const boost::json::value& value, std::string_view where,
                                         Unknown unknown) {
    Reader in(value, where, unknown);
    AuditEntry entry;
    entry.id = in.integer("id", 0, most);
    entry.at = in.time("at");
    entry.actor = in.object<Actor>("actor", actor_from_json);
    entry.verb = in.text("verb", line_rule);
    entry.object = in.text("object", text_rule);
    entry.detail = in.text_or("detail", text_rule, "");
    return in.finish(std::move(entry));
}

boost::json::value to_json(const StoreCounts& counts) {
    return Writer()
        .number("alerts", counts.alerts)
        .number("open_cases", counts.open_cases)
        .number("rules", counts.rules)
        .number("unsettled_rules", counts.unsettled_rules)
        .number("pending_actions", counts.pending_actions)
        .finish();
}

Result<StoreCounts> counts_from_json(const boost::json::value& value, std::string_view where,
                                     Unknown unknown) {
    Reader in(value, where, unknown);
    StoreCounts counts;
    counts.alerts = in.integer("alerts", 0, most);
    counts.open_cases = in.integer("open_cases", 0, most);
    counts.rules = in.integer("rules", 0, most);
    counts.unsettled_rules = in.integer("unsettled_rules", 0, most);
    counts.pending_actions = in.integer("pending_actions", 0, most);
    return in.finish(counts);
}

}  // namespace garita::runtime::json
