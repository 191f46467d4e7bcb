#include "adapters/hub_link/protocol.hpp"

#include "runtime/audit/audit_json.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

constexpr std::size_t most_alerts = 10'000;
constexpr std::size_t most_rules = 1'000'000;
constexpr std::size_t most_actions = 10'000;
constexpr std::size_t most_bytes = 96 * 1024 * 1024;
constexpr std::int64_t any_seq = std::numeric_limits<std::int64_t>::max();

boost::json::array heads_list(const std::vector<AuditHead>& heads) {
    boost::json::array list;
    for (const auto& head : heads)
        list.push_back(runtime::audit::to_json(head));
    return list;
}

boost::json::array id_list(const std::vector<ActionId>& ids) {
    boost::json::array list;
    for (const auto id : ids)
        list.emplace_back(id.value);
    return list;
}

Result<ActionId> id_from(const boost::json::value& value, std::string_view where, json::Unknown) {
    if (value.is_int64() && value.get_int64() > 0) return ActionId{value.get_int64()};
    return fail(ErrorCode::invalid, std::string(where) + ": an action's id is a positive number");
}

boost::json::value to_json(const store::FailedRule& failed) {
    return json::Writer().number("seq", failed.seq).text("error", failed.error).finish();
}

Result<store::FailedRule> failed_from(const boost::json::value& value, std::string_view where,
                                      json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    store::FailedRule failed;
    failed.seq = in.integer("seq", 1, any_seq);
    failed.error = in.text("error", json::text_rule);
    return in.finish(std::move(failed));
}

boost::json::value to_json(const store::ActionReport& report) {
    return json::Writer()
        .number("id", report.id.value)
        .text("state", to_text(report.state))
        .text("result", report.result)
        .finish();
}

Result<store::ActionReport> report_from(const boost::json::value& value, std::string_view where,
                                        json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    store::ActionReport report;
    report.id = ActionId{in.integer("id", 1, any_seq)};
    report.state = in.word("state", parse_action_state, "done, failed");
    report.result = in.text("result", json::text_rule);
    return in.finish(std::move(report));
}

Result<Login> login_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Login login;
    login.user = in.text("user", json::name_rule);
    const auto from = IpAddress::parse(in.text("from", json::name_rule));
    if (from)
        login.from = *from;
    else
        in.refuse("from", "not an address");
    return in.finish(std::move(login));
}

boost::json::value to_json(const HostReport& host) {
    boost::json::array logins;
    for (const auto& login : host.logins)
        logins.push_back(json::Writer().text("user", login.user).text("from", login.from.text()).finish());
    boost::json::array networks;
    for (const auto& network : host.protected_networks)
        networks.emplace_back(network.text());
    json::Writer out;
    if (host.scans != Scans::not_said) out.value("scans", host.scans == Scans::allowed);
    return out.text("version", host.version)
        .text("boot_id", host.boot_id)
        .value("protected", std::move(networks))
        .value("logins", std::move(logins))
        .value("watches", json::to_json(host.watches))
        .value("troubles", json::to_json(host.troubles))
        .finish();
}

Result<IpNetwork> network_from(const boost::json::value& value, std::string_view where, json::Unknown) {
    if (value.is_string())
        if (const auto network = IpNetwork::parse(std::string_view(value.get_string()))) return *network;
    return fail(ErrorCode::invalid, std::string(where) + ": not an address or network");
}

Result<HostReport> host_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    HostReport host;
    host.version = in.text("version", json::line_rule);
    host.boot_id = in.text("boot_id", json::line_rule);
    host.protected_networks = in.list<IpNetwork>("protected", 4096, network_from);
    host.logins = in.list<Login>("logins", 1024, login_from);
    host.watches = in.texts("watches", json::text_rule, 256);
    host.troubles = in.texts("troubles", json::text_rule, 256);
    if (in.has("scans")) host.scans = in.flag_or("scans", false) ? Scans::allowed : Scans::refused;
    return in.finish(std::move(host));
}

boost::json::value to_json(const RuleOrder& order) {
    return json::Writer()
        .text("name", order.name)
        .text("params", order.params)
        .text_or_null("desired", order.desired)
        .seconds_if("lasts", order.lasts)
        .number("seq", order.seq)
        .finish();
}

Result<RuleOrder> order_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    RuleOrder order;
    order.name = in.text("name", json::name_rule);
    order.params = in.text("params", json::subject_rule);
    order.desired = in.nullable_text("desired", json::text_rule);
    order.lasts = in.optional_seconds("lasts");
    order.seq = in.integer("seq", 1, any_seq);
    return in.finish(std::move(order));
}

boost::json::value to_json(const ActionTicket& ticket) {
    return json::Writer()
        .number("id", ticket.id.value)
        .value("order", json::to_json(ticket.order))
        .seconds("lasts", ticket.lasts)
        .finish();
}

Result<ActionTicket> ticket_from(const boost::json::value& value, std::string_view where,
                                 json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ActionTicket ticket;
    ticket.id = ActionId{in.integer("id", 1, any_seq)};
    ticket.order = in.object<ActionOrder>("order", json::order_from_json);
    ticket.lasts = in.seconds_or("lasts", Duration::zero());
    return in.finish(ticket);
}

template <typename T>
boost::json::array list_of(const std::vector<T>& all) {
    boost::json::array list;
    list.reserve(all.size());
    for (const auto& one : all)
        list.push_back(to_json(one));
    return list;
}

}  // namespace

std::string encode_alerts(const std::vector<Alert>& alerts, Time now) {
    boost::json::array list;
    list.reserve(alerts.size());
    for (const auto& alert : alerts) {
        auto one = json::to_json(alert);
        if (alert.decided)
            one.as_object()["decided"] =
                json::Writer()
                    .text("policy", alert.decided->policy)
                    .seconds("ago", std::max(now - alert.decided->at, Duration::zero()))
                    .seconds_if("lasts", alert.decided->lasts)
                    .finish();
        list.push_back(std::move(one));
    }
    return json::serialize(json::Writer().value("alerts", std::move(list)).finish());
}

Result<std::vector<Alert>> decode_alerts(std::string_view text, Time now) {
    const auto document = json::parse(text, "alerts", most_bytes);
    if (!document) return tl::unexpected(document.error());
    const auto decided_from = [now](const boost::json::value& value, std::string_view where,
                                    json::Unknown unknown) -> Result<DecidedAlone> {
        json::Reader in(value, where, unknown);
        DecidedAlone decided;
        decided.policy = in.text("policy", json::line_rule);
        decided.at = now - in.optional_seconds("ago").value_or(Duration::zero());
        decided.lasts = in.optional_seconds("lasts");
        return in.finish(std::move(decided));
    };
    const auto alert_from = [&](const boost::json::value& value, std::string_view where,
                                json::Unknown unknown) -> Result<Alert> {
        auto alert = json::alert_from_json(value, where, unknown);
        if (!alert) return alert;
        json::Reader in(value, where, json::Unknown::ignore);
        alert->decided = in.optional_object<DecidedAlone>("decided", decided_from);
        return in.finish(std::move(*alert));
    };
    json::Reader in(*document, "", json::Unknown::ignore);
    auto alerts = in.list<Alert>("alerts", most_alerts, alert_from);
    return in.finish(std::move(alerts));
}

std::string encode(const SyncRequest& request) {
    return json::serialize(
        json::Writer()
            .value("host", to_json(request.host))
            .time("agent_time", request.agent_time)
            .text_if("store", request.store_id)
            .number("held_seq", request.held_seq)
            .number("in_force_seq", request.rules.in_force_seq)
            .value("failed", list_of(request.rules.failed))
            .number("connections_cut", static_cast<std::int64_t>(request.rules.connections_cut))
            .value("actions", list_of(request.actions))
            .value("known_actions", id_list(request.known_actions))
            .value("audit_heads", heads_list(request.audit_heads))
            .value("own_decisions", json::to_json(request.own_decisions))
            .text_if("standing_version", request.standing_version)
            .number("wait", request.wait.count())
            .finish());
}

Result<SyncRequest> decode_sync_request(std::string_view text) {
    const auto document = json::parse(text, "sync", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    SyncRequest request;
    request.host = in.object<HostReport>("host", host_from);
    request.agent_time = in.time("agent_time");
    request.store_id = in.text_or("store", json::line_rule, "");
    request.held_seq = in.integer("held_seq", 0, any_seq);
    request.rules.in_force_seq = in.integer("in_force_seq", 0, any_seq);
    request.rules.failed = in.list<store::FailedRule>("failed", most_rules, failed_from);
    request.rules.connections_cut = static_cast<std::uint64_t>(in.integer("connections_cut", 0, any_seq));
    request.actions = in.list<store::ActionReport>("actions", most_actions, report_from);
    request.known_actions = in.list<ActionId>("known_actions", most_actions, id_from);
    request.audit_heads =
        in.list<AuditHead>("audit_heads", audit_heads_in_report, runtime::audit::audit_head_from_json);
    request.own_decisions = in.texts("own_decisions", json::subject_rule, own_decisions_in_report);
    request.standing_version = in.text_or("standing_version", json::name_rule, "");
    request.wait = std::chrono::seconds(in.integer("wait", 0, 3600));
    return in.finish(std::move(request));
}

std::string encode(const SyncAnswer& answer) {
    json::Writer writer;
    // as a document in the document: Writer::text has a bound for what people read
    if (answer.standing)
        writer.value("standing", answer.standing->empty()
                                     ? boost::json::value(boost::json::object())
                                     : json::parse(*answer.standing, "", most_bytes).value());
    if (answer.standing) writer.text_if("standing_version", answer.standing_version);
    if (answer.audit_head) writer.value("audit_head", runtime::audit::to_json(*answer.audit_head));
    return json::serialize(
        writer.text("store", answer.store_id)
            .seconds("held", answer.held)
            .text("rules_are", answer.rules_are == SyncAnswer::Rules::all ? "all" : "changes")
            .value("rules", list_of(answer.rules))
            .number("rules_seq", answer.rules_seq)
            .value("more", answer.rest == SyncAnswer::Rest::more)
            .value("actions", list_of(answer.actions))
            .value("acknowledged", id_list(answer.acknowledged))
            .value("settled", json::to_json(answer.settled))
            .finish());
}

Result<SyncAnswer> decode_sync_answer(std::string_view text) {
    const auto document = json::parse(text, "the hub's answer", most_bytes);
    if (!document) return tl::unexpected(document.error());
    const auto parse_extent = [](std::string_view word) -> std::optional<SyncAnswer::Rules> {
        if (word == "all") return SyncAnswer::Rules::all;
        if (word == "changes") return SyncAnswer::Rules::changes;
        return std::nullopt;
    };
    json::Reader in(*document, "", json::Unknown::ignore);
    SyncAnswer answer;
    answer.store_id = in.text("store", json::line_rule);
    answer.held = std::max(in.seconds_or("held", Duration::zero()), Duration::zero());
    answer.rules_are = in.word("rules_are", parse_extent, "all, changes");
    answer.rules = in.list<RuleOrder>("rules", most_rules, order_from);
    answer.rules_seq = in.integer("rules_seq", 0, any_seq);
    answer.rest = in.flag_or("more", false) ? SyncAnswer::Rest::more : SyncAnswer::Rest::none;
    answer.actions = in.list<ActionTicket>("actions", most_actions, ticket_from);
    answer.acknowledged = in.list<ActionId>("acknowledged", most_actions, id_from);
    answer.settled = in.texts("settled", json::subject_rule, own_decisions_in_report);
    if (const auto* standing = in.raw("standing"); standing != nullptr && standing->is_object())
        answer.standing = standing->get_object().empty() ? std::string() : json::serialize(*standing);
    answer.standing_version = in.text_or("standing_version", json::name_rule, "");
    answer.audit_head = in.optional_object<AuditHead>("audit_head", runtime::audit::audit_head_from_json);
    return in.finish(std::move(answer));
}

}  // namespace garita::hub_link
