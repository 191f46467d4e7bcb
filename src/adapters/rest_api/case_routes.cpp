// Cases and the answers to them.

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

constexpr std::int64_t most_cases = 1000;
constexpr json::TextRule code_rule{16, json::TextRule::Content::line};
constexpr std::size_t alerts_shown = 20;

Error no_such_case(CaseId id) {
    return {ErrorCode::not_found, "there is no case " + std::to_string(id.value), Retry::no};
}

CaseId case_id_of(const http::Request& request) {
    return CaseId{request.parameters.number("id").value_or(0)};
}

Body with_progress(store::View& view, const Case& shown) {
    auto body = json::to_json(shown);
    if (shown.decision) body.as_object()["progress"] = json::to_json(view.progress(shown.id));
    return body;
}

Result<store::CaseQuery> query_of(const http::Request& request) {
    store::CaseQuery query;
    for (const auto text : request.query.all("state")) {
        if (text == "all") continue;
        const auto state = parse_case_state(text);
        if (!state)
            return fail(ErrorCode::invalid,
                        "state '" + std::string(text.substr(0, 64)) +
                            "' is not one of open, decided, closed, expired, observed, all");
        query.states.push_back(*state);
    }
    query.device = query_text(request, "device");
    query.kind = query_text(request, "kind");
    const auto before = query_number(request, "before", 0, std::numeric_limits<std::int64_t>::max());
    const auto limit = query_number(request, "limit", 100, most_cases);
    if (!before) return tl::unexpected(before.error());
    if (!limit) return tl::unexpected(limit.error());
    if (*before > 0) query.before = CaseId{*before};
    query.limit = static_cast<std::size_t>(*limit);
    return query;
}

Result<Reply> list_cases(store::Store& store, const http::Request& request) {
    const auto query = query_of(request);
    if (!query) return tl::unexpected(query.error());
    boost::json::array list;
    const auto seen = store.read([&](store::View& view) -> Result<void> {
        list.clear();
        for (const auto& one : view.cases(*query))
            list.push_back(with_progress(view, one));
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, json::Writer().value("cases", std::move(list)).finish()};
}

Result<Reply> show_case(store::Store& store, const http::Request& request) {
    const auto id = case_id_of(request);
    Body body;
    const auto seen = store.read([&](store::View& view) -> Result<void> {
        const auto found = view.find_case(id);
        if (!found) return tl::unexpected(no_such_case(id));
        body = with_progress(view, *found);
        auto& object = body.as_object();
        object["alerts"] = json::to_json_list(view.alerts_of(id, alerts_shown));
        object["actions"] = json::to_json_list(view.actions_of(id));
        store::RuleQuery rules;
        rules.case_id = id;
        object["rules"] = json::to_json_list(view.rules(rules));
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, std::move(body)};
}

/// `confirm` and `acknowledge` have doors of their own.
std::optional<Response> parse_answer(std::string_view text) {
    const auto response = parse_response(text);
    const bool elsewhere = response == Response::confirm || response == Response::acknowledge;
    return elsewhere ? std::nullopt : response;
}

Result<decide::AnswerRequest> decision_of(const http::Request& request, const Caller& caller) {
    const auto document = json::parse(request.body, "the decision");
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    decide::AnswerRequest answer;
    answer.case_id = case_id_of(request);
    answer.response = in.word("response", parse_answer,
                              "allow, nothing, close_connection, block, reboot, power_off, resume, "
                              "keep_observing, undo, accept, mute, keep");
    answer.lasts = in.optional_span("for");
    answer.comment = in.text_or("comment", json::text_rule, "");
    answer.code = in.text_or("totp", code_rule, "");
    answer.by = caller.actor;
    answer.from = caller.from;
    answer.connected_at = caller.connected_at;
    return in.finish(std::move(answer));
}

struct Told {
    int status;
    std::string_view word;
};

Told told_of(decide::AnswerOutcome::Kind kind) {
    switch (kind) {
        case decide::AnswerOutcome::Kind::accepted:
            return {200, "accepted"};
        case decide::AnswerOutcome::Kind::proposed:
            return {202, "proposed"};
        case decide::AnswerOutcome::Kind::code_wanted:
            return {409, "code_wanted"};
        case decide::AnswerOutcome::Kind::already_decided:
            return {409, "already_decided"};
        case decide::AnswerOutcome::Kind::over:
            break;
    }
    return {409, "over"};
}

Result<Reply> give_answer(const ApiParts& parts, const decide::AnswerRequest& answer) {
    const auto outcome = parts.answering.answer(answer, parts.clock());
    if (!outcome) return tl::unexpected(outcome.error());
    const auto told = told_of(outcome->kind);
    return Reply{
        told.status,
        json::Writer().text("outcome", told.word).value("case", json::to_json(outcome->current)).finish()};
}

Result<Reply> decide_case(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    const auto answer = decision_of(request, caller);
    if (!answer) return tl::unexpected(answer.error());
    return give_answer(parts, *answer);
}

Result<Reply> confirm_case(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    decide::AnswerRequest answer;
    answer.case_id = case_id_of(request);
    answer.response = Response::confirm;
    answer.by = caller.actor;
    answer.connected_at = caller.connected_at;
    return give_answer(parts, answer);
}

Result<Reply> acknowledge_case(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    const auto document = json::parse(request.body.empty() ? "{}" : request.body, "the acknowledgement");
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    decide::AnswerRequest answer;
    answer.case_id = case_id_of(request);
    answer.response = Response::acknowledge;
    answer.lasts = in.optional_span("for");
    answer.comment = in.text_or("comment", json::text_rule, "");
    answer.by = caller.actor;
    const auto read = in.finish(std::move(answer));
    if (!read) return tl::unexpected(read.error());
    return give_answer(parts, *read);
}

}  // namespace

void add_case_routes(http::Router& router, const ApiParts& parts) {
    auto& store = parts.store;
    router.add(
        http::Method::get, "/api/v1/cases",
        guarded(parts.callers, Scope::cases_read, [&store](const http::Request& request, const Caller&) {
            return list_cases(store, request);
        }));
    router.add(
        http::Method::get, "/api/v1/cases/{id}",
        guarded(parts.callers, Scope::cases_read,
                [&store](const http::Request& request, const Caller&) { return show_case(store, request); }));
    router.add(http::Method::post, "/api/v1/cases/{id}/decision",
               guarded(parts.callers, Scope::decisions_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return decide_case(parts, request, caller);
                       }));
    router.add(http::Method::post, "/api/v1/cases/{id}/confirm",
               guarded(parts.callers, Scope::decisions_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return confirm_case(parts, request, caller);
                       }));
    router.add(http::Method::post, "/api/v1/cases/{id}/acknowledgement",
               guarded(parts.callers, Scope::decisions_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return acknowledge_case(parts, request, caller);
                       }));
}

}  // namespace garita::rest_api
