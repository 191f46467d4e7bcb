#include "programs/access/hub_requests.hpp"

#include "runtime/json/reader.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::string_view document = "the hub's answer";
constexpr std::size_t most = 100'000;
constexpr json::TextRule cell{std::size_t{1} << 16U, json::TextRule::Content::text};
constexpr json::TextRule log_text{(std::size_t{1} << 20U) + 4, json::TextRule::Content::text};

std::int64_t positive(json::Reader& in, std::string_view member) {
    return in.integer(member, 1, std::numeric_limits<std::int64_t>::max());
}

/// All members but `surveys` and `log`.
AccessRequest request_in(json::Reader& in) {
    AccessRequest request;
    request.id = AccessId{positive(in, "id")};
    (void)in.text("tracking", json::name_rule);
    request.mac = in.word("mac", MacAddress::parse, "a MAC address");
    request.state = in.word("state", parse_access_state, "the states of requests");
    request.approver = in.text("approver", cell);
    request.channel = in.text("channel", cell);
    request.proof = in.text_or("proof", cell, "");
    request.dry_run = in.flag_or("dry_run", false);
    request.created_at = in.time("created_at");
    request.deadline = in.time("deadline");
    request.ended_at = in.optional_time("ended_at");
    request.switch_name = in.text_or("switch", cell, "");
    request.port = in.text_or("port", cell, "");
    request.seen_at = in.optional_time("seen_at");
    request.next_try = in.optional_time("next_try");
    request.tries = static_cast<int>(in.integer_or("tries", 0, 1'000'000'000, 0));
    request.killed_by = in.text_or("killed_by", cell, "");
    (void)in.text_or("outcome", cell, "");
    request.outcome = in.text_or("outcome_text", cell, "");
    return request;
}

Result<AccessRequest> request_from(const boost::json::value& value, std::string_view where,
                                   json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    auto request = request_in(in);
    return in.finish(std::move(request));
}

Result<AccessLine> line_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    AccessLine line;
    line.id = positive(in, "id");
    line.at = in.time("at");
    line.kind = in.word("kind", parse_access_line_kind, "note, letter, event, sent, answered");
    line.place = in.text_or("place", cell, "");
    line.text = in.text("text", log_text);
    return in.finish(std::move(line));
}

Result<AccessSurvey> survey_from(const boost::json::value& value, std::string_view where,
                                 json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    AccessSurvey survey;
    survey.switch_name = in.text("switch", cell);
    survey.asked_at = in.optional_time("asked_at");
    survey.ports = in.text_or("ports", cell, "");
    survey.error = in.text_or("error", cell, "");
    survey.cleared = in.flag_or("cleared", false);
    survey.next_try = in.optional_time("next_try");
    return in.finish(std::move(survey));
}

Result<ShownSwitch> switch_from(const boost::json::value& value, std::string_view where,
                                json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownSwitch shown;
    shown.name = in.text("name", cell);
    shown.address = in.text("address", cell);
    shown.state = in.text("state", json::name_rule);
    shown.error = in.text_or("error", cell, "");
    shown.last_session = in.optional_time("last_session");
    shown.next_try = in.optional_time("next_try");
    return in.finish(std::move(shown));
}

Result<ShownSource> source_from(const boost::json::value& value, std::string_view where,
                                json::Unknown unknown, std::string_view member, std::string_view kind) {
    json::Reader in(value, where, unknown);
    ShownSource shown;
    shown.what = std::string(kind) + ' ' + in.text(member, cell);
    shown.last_look = in.optional_time("last_look");
    shown.error = in.text_or("error", cell, "");
    return in.finish(std::move(shown));
}

Result<std::string> receiver_from(const boost::json::value& value, std::string_view where,
                                  json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    std::string words;
    for (const auto& one : in.texts("listening", cell, 1000))
        words += (words.empty() ? "" : ", ") + one;
    constexpr auto any = std::numeric_limits<std::int64_t>::max();
    for (const std::string_view member : {"received", "events", "lost", "refused"})
        words += "; " + std::string(member) + ' ' + std::to_string(in.integer(member, 0, any));
    return in.finish(std::move(words));
}

}  // namespace

Result<AccessRequest> read_access_request(const boost::json::value& body) {
    return request_from(body, document, json::Unknown::ignore);
}

Result<std::vector<AccessRequest>> read_access_requests(const boost::json::value& body) {
    json::Reader in(body, document, json::Unknown::ignore);
    return in.finish(in.list<AccessRequest>("requests", most, request_from));
}

Result<ShownRequest> read_shown_request(const boost::json::value& body) {
    json::Reader in(body, document, json::Unknown::ignore);
    ShownRequest shown;
    shown.about = request_in(in);
    shown.surveys = in.list<AccessSurvey>("surveys", most, survey_from);
    shown.log = in.list<AccessLine>("log", most, line_from);
    return in.finish(std::move(shown));
}

Result<AccessAnswer> read_access_answer(const boost::json::value& body) {
    json::Reader in(body, document, json::Unknown::ignore);
    AccessAnswer answer;
    answer.text = in.text("text", cell);
    if (const auto request = in.optional_object<AccessRequest>("request", request_from))
        answer.tracking = request->tracking();
    return in.finish(std::move(answer));
}

Result<ShownAccess> read_access_status(const boost::json::value& body) {
    json::Reader in(body, document, json::Unknown::ignore);
    ShownAccess shown;
    shown.switches = in.list<ShownSwitch>("switches", most, switch_from);
    const auto mailbox = [](const auto& value, std::string_view where, json::Unknown unknown) {
        return source_from(value, where, unknown, "server", "mailbox");
    };
    const auto database = [](const auto& value, std::string_view where, json::Unknown unknown) {
        return source_from(value, where, unknown, "name", "database");
    };
    if (auto one = in.optional_object<ShownSource>("mailbox", mailbox)) shown.sources.push_back(*one);
    for (auto& one : in.list<ShownSource>("databases", most, database))
        shown.sources.push_back(std::move(one));
    shown.receiver = in.optional_object<std::string>("receiver", receiver_from).value_or("");
    shown.open = in.integer_or("open", 0, std::numeric_limits<std::int64_t>::max(), 0);
    return in.finish(std::move(shown));
}

}  // namespace garita::programs
