#include "programs/cli/hub_documents.hpp"

#include <limits>

#include "runtime/json/model_json.hpp"
#include "runtime/json/text.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::size_t most_rows = 1'000'000;
constexpr std::size_t most_troubles = 10'000;
constexpr std::int64_t any_count = std::numeric_limits<std::int64_t>::max();

json::Reader tolerant(const boost::json::value& body) {
    return {body, "the hub's answer", json::Unknown::ignore};
}

/// The `detail` of a problem document, or the bare status.
std::string problem_text(int status, const Result<boost::json::value>& body) {
    if (body && body->is_object())
        if (const auto* const detail = body->get_object().if_contains("detail");
            detail != nullptr && detail->is_string())
            return std::string(detail->get_string());
    return "the hub answered " + std::to_string(status);
}

/// The API adds members to a case; the reading of the case itself does not know them.
Result<ShownCase> case_from(const boost::json::value& value, std::string_view where, json::Unknown) {
    auto about = json::case_from_json(value, where, json::Unknown::ignore);
    if (!about) return tl::unexpected(about.error());
    json::Reader in(value, where, json::Unknown::ignore);
    ShownCase shown;
    shown.about = std::move(*about);
    if (auto progress = in.optional_object<Progress>("progress", json::progress_from_json))
        shown.progress = std::move(*progress);
    return in.finish(std::move(shown));
}

Result<std::string> refusal_from(const boost::json::value& value, std::string_view where,
                                 json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    auto error = in.text("error", json::text_rule);
    return in.finish(std::move(error));
}

Result<std::string> suspended_from(const boost::json::value& value, std::string_view where,
                                   json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    auto policy = in.text("policy", json::text_rule);
    return in.finish(std::move(policy));
}

Result<HubStatus> hub_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    HubStatus hub;
    hub.version = in.text_or("version", json::line_rule, "");
    hub.started = in.text_or("started", json::line_rule, "");
    hub.address = in.text_or("address", json::line_rule, "");
    hub.pin = in.text_or("pin", json::line_rule, "");
    hub.troubles = in.texts("troubles", json::text_rule, most_troubles);
    return in.finish(std::move(hub));
}

}  // namespace

Result<HubReply> read_reply(int status, std::string text) {
    auto body = json::parse(text, "the hub's answer");
    const bool well = status >= 200 && status <= 299;
    const bool outcome = status == 409 && body && body->is_object() && body->get_object().contains("outcome");
    if (!well && !outcome)
        return fail(status == 409 ? ErrorCode::conflict : ErrorCode::invalid, problem_text(status, body));
    if (!body) return tl::unexpected(body.error());
    return HubReply{status, std::move(*body), std::move(text)};
}

Result<ShownCase> read_case(const boost::json::value& body) {
    return case_from(body, "the hub's answer", json::Unknown::ignore);
}

Result<std::vector<ShownCase>> read_cases(const boost::json::value& body) {
    auto in = tolerant(body);
    auto cases = in.list<ShownCase>("cases", most_rows, case_from);
    return in.finish(std::move(cases));
}

Result<AnsweredCase> read_answered_case(const boost::json::value& body) {
    auto in = tolerant(body);
    AnsweredCase answered;
    answered.outcome = in.text("outcome", json::name_rule);
    answered.shown = in.object<ShownCase>("case", case_from);
    return in.finish(std::move(answered));
}

Result<std::vector<Rule>> read_rules(const boost::json::value& body) {
    auto in = tolerant(body);
    auto rules = in.list<Rule>("rules", most_rows, json::rule_from_json);
    return in.finish(std::move(rules));
}

Result<ChangedRules> read_changed_rules(const boost::json::value& body) {
    auto in = tolerant(body);
    ChangedRules changes;
    changes.changed = in.integer("changed", 0, any_count);
    changes.unchanged = in.integer("unchanged", 0, any_count);
    changes.refused = in.list<std::string>("refused", most_rows, refusal_from);
    if (in.has("confirm_case")) changes.confirm_case = CaseId{in.integer("confirm_case", 1, any_count)};
    return in.finish(std::move(changes));
}

Result<HubStatus> read_status(const boost::json::value& body) {
    auto in = tolerant(body);
    auto status = in.object<HubStatus>("hub", hub_from);
    status.suspended_policies = in.list<std::string>("suspended_policies", most_rows, suspended_from);
    status.counts = in.object<StoreCounts>("counts", json::counts_from_json);
    status.devices = in.list<Device>("devices", most_rows, json::device_from_json);
    return in.finish(std::move(status));
}

Result<std::vector<AuditEntry>> read_audit(const boost::json::value& body) {
    auto in = tolerant(body);
    auto entries = in.list<AuditEntry>("entries", most_rows, json::audit_entry_from_json);
    return in.finish(std::move(entries));
}

}  // namespace garita::programs
