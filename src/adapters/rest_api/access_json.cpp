#include "adapters/rest_api/access_json.hpp"

#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {

namespace {

namespace json = runtime::json;

constexpr std::size_t longest_line = std::size_t{1} << 20U;  ///< what a switch said at one go

std::int64_t count(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

boost::json::value switch_json(const access::SwitchStanding& one) {
    return json::Writer()
        .text("name", one.name)
        .text("address", one.address)
        .text("state", to_text(one.state))
        .text_if("error", one.error)
        .time_if("last_session", one.last_session)
        .time_if("next_try", one.next_try)
        .finish();
}

boost::json::value database_json(const access::DatabaseStanding& one) {
    return json::Writer()
        .text("name", one.name)
        .time_if("last_look", one.last_look)
        .text_if("error", one.error)
        .finish();
}

boost::json::value mailbox_json(const access::MailboxStanding& one) {
    return json::Writer()
        .text("server", one.server)
        .time_if("last_look", one.last_look)
        .text_if("error", one.error)
        .finish();
}

boost::json::value receiver_json(const access::ReceiverStanding& one) {
    return json::Writer()
        .value("listening", json::to_json(one.listening))
        .number("received", count(one.received))
        .number("events", count(one.events))
        .number("lost", count(one.lost))
        .number("refused", count(one.refused))
        .finish();
}

}  // namespace

std::string english(const decide::Catalogue& texts, std::string_view words, const Facts& facts) {
    std::string all;
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (end > 0) all += (all.empty() ? "" : " ") + texts.text("en", words.substr(0, end), facts);
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return all;
}

boost::json::value access_json(const AccessRequest& request, const decide::Catalogue& texts) {
    return json::Writer()
        .number("id", request.id.value)
        .text("tracking", request.tracking())
        .text("mac", request.mac.text())
        .text("state", to_text(request.state))
        .text("approver", request.approver)
        .text("channel", request.channel)
        .text_if("proof", request.proof)
        .value("dry_run", request.dry_run)
        .time("created_at", request.created_at)
        .time("deadline", request.deadline)
        .time_if("ended_at", request.ended_at)
        .text_if("switch", request.switch_name)
        .text_if("port", request.port)
        .time_if("seen_at", request.seen_at)
        .time_if("next_try", request.next_try)
        .number("tries", request.tries)
        .text_if("killed_by", request.killed_by)
        .text_if("outcome", request.outcome)
        .text_if("outcome_text", english(texts, request.outcome, request.facts))
        .finish();
}

boost::json::value access_json(const AccessLine& line) {
    return json::Writer()
        .number("id", line.id)
        .time("at", line.at)
        .text("kind", to_text(line.kind))
        .text_if("place", line.place)
        .value("text", json::to_json_text(line.text, longest_line))
        .finish();
}

boost::json::value access_json(const AccessSurvey& survey) {
    return json::Writer()
        .text("switch", survey.switch_name)
        .time_if("asked_at", survey.asked_at)
        .text_if("ports", survey.ports)
        .text_if("error", survey.error)
        .value("cleared", survey.cleared)
        .time_if("next_try", survey.next_try)
        .finish();
}

boost::json::value access_json(const access::AccessStanding& standing) {
    json::Writer out;
    out.value("switches", json::array_of(standing.switches, switch_json))
        .value("databases", json::array_of(standing.databases, database_json));
    if (standing.mailbox) out.value("mailbox", mailbox_json(*standing.mailbox));
    if (standing.receiver) out.value("receiver", receiver_json(*standing.receiver));
    return out.finish();
}

}  // namespace garita::rest_api
