#include "adapters/sinks/delivery.hpp"

#include <algorithm>

#include "decide/crowd_text.hpp"
#include "decide/foreign_text.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::sinks {

namespace json = runtime::json;
using decide::Stage;

namespace {

constexpr std::size_t longest_title = 140;
constexpr std::size_t longest_text = 4000;  ///< UTF-16 units
constexpr std::size_t digest_lines = 40;
constexpr std::size_t digest_cases = 100;

std::string severity_word(const Case& about) {
    return std::string(to_text(about.severity));
}

std::string type_of(const decide::Told& told, Stage stage) {
    if (stage == Stage::ended) return "case.over";
    if (stage == Stage::over) return "case.closed";
    if (stage == Stage::decided) return "case.decided";
    return told.stage == Stage::asked ? "case.escalated" : "case.opened";
}

/// When it happened, which is the same for each try of a delivery.
Time time_of(const std::string& type, const Case& about) {
    if (type == "case.opened") return about.opened_at;
    if (type == "case.decided" && about.decision) return about.decision->at;
    return about.updated_at;
}

std::string case_title_of(const Case& about, const decide::Reader& reader) {
    return decide::clean_line(reader.text("sink.title", {{"id", std::to_string(about.id.value)},
                                                         {"host", decide::clean_line(about.device, 40)},
                                                         {"title", decide::case_title(about, reader)}}),
                              longest_title);
}

boost::json::value decision_json(const Decision& decision) {
    return json::Writer()
        .text("response", to_text(decision.response))
        .text("by", decision.by.name)
        .text_if("channel", decision.by.channel)
        .time("at", decision.at)
        .seconds_if("lasts", decision.lasts)
        .text_if("comment", decision.comment)
        .finish();
}

json::Writer case_json(const Case& about, const decide::Reader& reader) {
    json::Writer data;
    data.number("id", about.id.value)
        .number("version", about.version)
        .text("kind", about.kind)
        .text("device", about.device)
        .text("subject", about.subject)
        .network_if("address", about.address)
        .text("severity", severity_word(about))
        .text("state", to_text(about.state))
        .number("alerts", about.alert_count)
        .time("opened_at", about.opened_at)
        .text("title", case_title_of(about, reader));
    return data;
}

std::string whole(const std::string& id, const std::string& type, Time at, boost::json::value data) {
    return json::serialize(json::Writer()
                               .text("type", type)
                               .text("delivery", id)
                               .time("timestamp", at)
                               .value("data", std::move(data))
                               .finish());
}

Facts values_of(const Case& about) {
    Facts values{{"id", std::to_string(about.id.value)},
                 {"version", std::to_string(about.version)},
                 {"kind", about.kind},
                 {"device", about.device},
                 {"subject", about.subject},
                 {"address", about.address ? about.address->text() : ""},
                 {"severity", severity_word(about)},
                 {"state", std::string(to_text(about.state))},
                 {"alerts", std::to_string(about.alert_count)},
                 {"count", "1"}};
    if (about.decision) {
        values["response"] = to_text(about.decision->response);
        values["by"] = about.decision->by.name;
        values["comment"] = about.decision->comment;
    }
    for (auto& [name, value] : values)
        value = decide::clean_line(value);
    for (const auto& [name, value] : about.facts)
        values.emplace("fact." + name, decide::clean_line(value));
    return values;
}

/// What every delivery's placeholders tell of the delivery itself.
void add_own_values(Delivery& delivery, Time at) {
    delivery.values["type"] = delivery.type;
    delivery.values["delivery"] = delivery.id;
    delivery.values["timestamp"] = to_iso8601(at);
    delivery.values["title"] = delivery.title;
    delivery.values["text"] = delivery.text;
    delivery.values["severity"] = to_text(delivery.severity);
}

}  // namespace

std::string Delivery::value(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
}

bool Delivery::is_news() const {
    return type == "case.opened" || type == "case.escalated" || type == "cases.digest";
}

Delivery case_delivery(std::string id, const Case& about, const Progress& progress, const decide::Told& told,
                       Stage stage, const decide::Reader& reader) {
    Delivery made;
    made.id = std::move(id);
    made.type = type_of(told, stage);
    made.severity = about.severity;
    made.title = case_title_of(about, reader);
    made.text = decide::stage_line(about, told, stage, reader) + "\n\n" +
                decide::plain_text(about, progress, reader, longest_text);
    const auto at = time_of(made.type, about);
    auto data = case_json(about, reader);
    data.text("text", made.text).value("facts", json::to_json(about.facts));
    if (about.decision) data.value("decision", decision_json(*about.decision));
    made.document = whole(made.id, made.type, at, data.finish());
    made.values = values_of(about);
    add_own_values(made, at);
    return made;
}

Delivery digest_delivery(std::string id, const std::vector<Case>& cases, Time now,
                         const decide::Reader& reader) {
    Delivery made;
    made.id = std::move(id);
    made.type = "cases.digest";
    std::vector<const Case*> worst;
    for (const auto& about : cases) {
        made.severity = std::max(made.severity, about.severity);
        worst.push_back(&about);
    }
    std::stable_sort(worst.begin(), worst.end(),
                     [](const Case* a, const Case* b) { return a->severity > b->severity; });
    worst.resize(std::min(worst.size(), digest_cases));
    const auto count = std::to_string(cases.size());
    made.title = reader.text("sink.digest_title", {{"count", count}});
    made.text = decide::unanswered_text(cases, reader) + decide::crowd_text(cases, digest_lines, reader) +
                reader.text("mail.digest_how");
    made.document = whole(
        made.id, made.type, now,
        json::Writer()
            .number("count", static_cast<std::int64_t>(cases.size()))
            .text("severity", to_text(made.severity))
            .text("title", made.title)
            .text("text", made.text)
            .value("cases",
                   json::array_of(worst, [&](const Case* one) { return case_json(*one, reader).finish(); }))
            .finish());
    made.values = {{"id", "0"}, {"version", "0"}, {"alerts", "0"}, {"count", count}};
    add_own_values(made, now);
    return made;
}

Delivery test_delivery(Time now, const decide::Reader& reader) {
    Delivery made;
    made.id = "msg_test_" + std::to_string(to_micros(now));
    made.type = "test";
    made.title = reader.text("sink.test_title");
    made.text = reader.text("sink.test");
    made.document = whole(made.id, made.type, now,
                          json::Writer().text("title", made.title).text("text", made.text).finish());
    made.values = {{"id", "0"}, {"version", "0"}, {"alerts", "0"}, {"count", "0"}};
    add_own_values(made, now);
    return made;
}

}  // namespace garita::sinks
