// Alerts, cases and decisions.

#include "runtime/json/ids.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::runtime::json {

namespace {

constexpr std::string_view responses_allowed =
    "allow, nothing, close_connection, block, reboot, power_off, resume, keep_observing, undo, accept, mute, "
    "keep";
constexpr std::string_view severities_allowed = "info, warning, critical";

std::vector<Response> responses(Reader& in, std::string_view member) {
    std::vector<Response> all;
    for (const auto& word : in.texts(member, name_rule, 16)) {
        if (const auto response = parse_response(word))
            all.push_back(*response);
        else
            in.refuse(member, "'" + word + "' is not one of " + std::string(responses_allowed));
    }
    return all;
}

}  // namespace

boost::json::value to_json(const std::vector<std::string>& texts) {
    boost::json::array list;
    list.reserve(texts.size());
    for (const auto& text : texts)
        list.push_back(to_json_text(text, Writer::longest_text));
    return list;
}

boost::json::value to_json(const Facts& facts) {
    boost::json::object object;
    object.reserve(std::min(facts.size(), max_facts));
    for (const auto& [key, text] : facts) {
        if (object.size() == max_facts) break;
        object.emplace(to_json_text(key, name_rule.max_bytes), to_json_text(text, text_rule.max_bytes));
    }
    return object;
}

Result<Facts> facts_from_json(const boost::json::value& value, std::string_view where) {
    const boost::json::value wrapped = boost::json::object{{"facts", value}};
    Reader in(wrapped, where);
    return in.finish(in.facts("facts"));
}

boost::json::value to_json(const Alert& alert) {
    return Writer()
        .id_if("id", alert.id)
        .text("uid", alert.uid)
        .text("device", alert.device)
        .text("kind", alert.kind)
        .text("subject", alert.subject)
        .text("severity", to_text(alert.severity))
        .time("at", alert.at)
        .network_if("address", alert.address)
        .value("facts", to_json(alert.facts))
        .finish();
}

Result<Alert> alert_from_json(const boost::json::value& value, std::string_view where, Unknown unknown) {
    Reader in(value, where, unknown);
    Alert alert;
    alert.id = read_id<AlertId>(in, "id");
    alert.uid = in.text("uid", subject_rule);
    alert.device = in.text("device", name_rule);
    alert.kind = in.text("kind", name_rule);
    alert.subject = in.text("subject", subject_rule);
    alert.severity = in.word("severity", parse_severity, severities_allowed);
    alert.at = in.time("at");
    alert.address = in.optional_network("address");
    alert.facts = in.facts("facts");
    return in.finish(std::move(alert));
}

boost::json::value to_json(const Actor& actor) {
    return Writer()
        .text("kind", to_text(actor.kind))
        .text("name", actor.name)
        .text("channel", actor.channel)
        .text("role", to_text(actor.role))
        .finish();
}

Result<Actor> actor_from_json(const boost::json::value& value, std::string_view where, Unknown unknown) {
    Reader in(value, where, unknown);
    Actor actor;
    actor.kind = in.word("kind", parse_actor_kind, "person, token, policy, system");
    actor.name = in.text("name", line_rule);
    actor.channel = in.text("channel", line_rule);
    actor.role = in.word("role", parse_role, "viewer, operator, approver, administrator");
    return in.finish(std::move(actor));
}

boost::json::value to_json(const Decision& decision) {
    return Writer()
        .id_if("id", decision.id)
        .id_if("case_id", decision.case_id)
        .text("response", to_text(decision.response))
        .value("by", to_json(decision.by))
        .time("at", decision.at)
        .seconds_if("lasts_seconds", decision.lasts)
        .text_if("comment", decision.comment)
        .finish();
}

Result<Decision> decision_from_json(const boost::json::value& value, std::string_view where,
                                    Unknown unknown) {
    Reader in(value, where, unknown);
    Decision decision;
    decision.id = read_id<DecisionId>(in, "id");
    decision.case_id = read_id<CaseId>(in, "case_id");
    decision.response = in.word("response", parse_response, responses_allowed);
    decision.by = in.object<Actor>("by", actor_from_json);
    decision.at = in.time("at");
    decision.lasts = in.optional_seconds("lasts_seconds");
    decision.comment = in.text_or("comment", text_rule, "");
    return in.finish(std::move(decision));
}

boost::json::value to_json(const Case& shown) {
    boost::json::array responses;
    for (const auto response : shown.responses)
        responses.emplace_back(to_text(response));
    Writer out;
    out.id_if("id", shown.id)
        .number("version", shown.version)
        .text("kind", shown.kind)
        .text("device", shown.device)
        .text("subject", shown.subject)
        .text("state", to_text(shown.state))
        .text("severity", to_text(shown.severity))
        .time("opened_at", shown.opened_at)
        .time("updated_at", shown.updated_at)
        .time("last_alert_at", shown.last_alert_at)
        .number("alert_count", shown.alert_count)
        .network_if("address", shown.address)
        .value("facts", to_json(shown.facts))
        .value("responses", std::move(responses))
        .time_if("expires_at", shown.expires_at)
        .text("on_silence", to_text(shown.on_silence))
        .seconds_if("on_silence_lasts_seconds", shown.on_silence_lasts);
    if (shown.proposal) out.value("proposal", to_json(*shown.proposal));
    if (shown.provisional) out.value("provisional", to_json(*shown.provisional));
    if (shown.decision) out.value("decision", to_json(*shown.decision));
    if (!shown.duty.is_blank()) out.value("on_call", to_json(shown.duty));
    return out.finish();
}

Result<Case> case_from_json(const boost::json::value& value, std::string_view where, Unknown unknown) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    Reader in(value, where, unknown);
    Case read;
    read.id = read_id<CaseId>(in, "id");
    read.version = in.integer("version", 0, most);
    read.kind = in.text("kind", name_rule);
    read.device = in.text("device", name_rule);
    read.subject = in.text("subject", subject_rule);
    read.state = in.word("state", parse_case_state, "open, decided, closed, expired, observed");
    read.severity = in.word("severity", parse_severity, severities_allowed);
    read.opened_at = in.time("opened_at");
    read.updated_at = in.time("updated_at");
    read.last_alert_at = in.time("last_alert_at");
    read.alert_count = in.integer("alert_count", 0, most);
    read.address = in.optional_network("address");
    read.facts = in.facts("facts");
    read.responses = responses(in, "responses");
    read.expires_at = in.optional_time("expires_at");
    read.on_silence = in.word("on_silence", parse_response, responses_allowed);
    read.on_silence_lasts = in.optional_seconds("on_silence_lasts_seconds");
    read.proposal = in.optional_object<Proposal>("proposal", proposal_from_json);
    read.provisional = in.optional_object<Provisional>("provisional", provisional_from_json);
    read.decision = in.optional_object<Decision>("decision", decision_from_json);
    read.duty = in.optional_object<Duty>("on_call", duty_from_json).value_or(Duty{});
    return in.finish(std::move(read));
}

boost::json::value to_json(const Progress& progress) {
    return Writer()
        .number("wanted", progress.wanted)
        .number("done", progress.done)
        .number("failed", progress.failed)
        .number("connections_cut", progress.connections_cut)
        .value("failures", to_json(progress.failures))
        .finish();
}

Result<Progress> progress_from_json(const boost::json::value& value, std::string_view where,
                                    Unknown unknown) {
    constexpr auto most = std::numeric_limits<int>::max();
    Reader in(value, where, unknown);
    Progress progress;
    progress.wanted = static_cast<int>(in.integer("wanted", 0, most));
    progress.done = static_cast<int>(in.integer("done", 0, most));
    progress.failed = static_cast<int>(in.integer("failed", 0, most));
    progress.connections_cut =
        in.integer_or("connections_cut", 0, std::numeric_limits<std::int64_t>::max(), 0);
    progress.failures = in.texts("failures", text_rule, 10'000);
    return in.finish(std::move(progress));
}

}  // namespace garita::runtime::json
