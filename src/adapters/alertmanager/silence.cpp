#include "adapters/alertmanager/silence.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "adapters/alertmanager/webhook.hpp"
#include "decide/deciding.hpp"
#include "runtime/json/text.hpp"
#include "runtime/json/writer.hpp"

namespace garita::alertmanager {
namespace {

namespace json = runtime::json;

constexpr std::size_t longest_id = 128;

std::string text_in(const boost::json::value& value, std::string_view member) {
    const auto* const object = value.if_object();
    const auto* const found = object != nullptr ? object->if_contains(member) : nullptr;
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

Result<boost::json::array> matchers_of(const Case& about) {
    const auto fact = about.facts.find(labels_fact);
    if (fact == about.facts.end())
        return fail(ErrorCode::invalid,
                    "the alert has more labels than the hub keeps, and a silence of only some would hide "
                    "other alerts: make the silence in Alertmanager");
    const auto labels = json::parse(fact->second, "labels");
    if (!labels) return tl::unexpected(labels.error());
    if (!labels->is_object() || labels->get_object().empty())
        return fail(ErrorCode::invalid, "the alert has no labels that a silence could be made of");
    boost::json::array matchers;
    for (const auto& [name, value] : labels->get_object()) {
        if (!value.is_string()) return fail(ErrorCode::invalid, "labels: a value is not a text");
        matchers.push_back({{"name", name}, {"value", value}, {"isRegex", false}, {"isEqual", true}});
    }
    return matchers;
}

}  // namespace

std::string silence_mark(const Case& about) {
    return "garita " + decide::object_of(about.id) + " of " + to_iso8601(about.opened_at) + ",";
}

Result<std::string> write_silence(const Case& about, Time begins, Time ends) {
    auto matchers = matchers_of(about);
    if (!matchers) return tl::unexpected(matchers.error());
    std::string comment = silence_mark(about);
    std::string who = "garita";
    if (about.decision) {
        who = about.decision->by.text();
        comment += " muted by " + who;
        if (!about.decision->comment.empty()) comment += ": " + about.decision->comment;
    }
    return json::serialize(json::Writer()
                               .value("matchers", std::move(*matchers))
                               .time("startsAt", begins)
                               .time("endsAt", ends)
                               .text("createdBy", who)
                               .text("comment", comment)
                               .finish());
}

Result<std::optional<Silence>> find_silence(std::string_view body, std::string_view mark) {
    const auto list = json::parse(body, "Alertmanager's silences");
    if (!list) return tl::unexpected(list.error());
    if (!list->is_array()) return fail(ErrorCode::invalid, "Alertmanager's silences are no list");
    for (const auto& one : list->get_array()) {
        if (!text_in(one, "comment").starts_with(mark)) continue;
        return std::optional(Silence{text_in(one, "id").substr(0, longest_id),
                                     json::parse_iso8601(text_in(one, "endsAt")).value_or(Time{})});
    }
    return std::optional<Silence>();
}

Result<std::string> read_silence_id(std::string_view body) {
    const auto answer = json::parse(body, "Alertmanager's answer");
    if (!answer) return tl::unexpected(answer.error());
    auto id = text_in(*answer, "silenceID");
    if (id.empty() || id.size() > longest_id)
        return fail(ErrorCode::invalid, "Alertmanager's answer names no silence");
    return id;
}

}  // namespace garita::alertmanager
