#include "adapters/hub_link/class_protocol.hpp"

#include <algorithm>
#include <limits>

#include "adapters/hub_link/class_rows.hpp"
#include "adapters/hub_link/class_status_json.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/writer.hpp"
#include "runtime/signing/signing_key.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

constexpr std::int64_t any_seq = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t most_bytes = 32UL * 1024 * 1024;
constexpr json::TextRule rows_rule{2UL * 1024 * 1024, json::TextRule::Content::line};
constexpr json::TextRule shape_rule{16UL * 1024, json::TextRule::Content::line};

boost::json::value to_json(const store::LanePositions& positions) {
    return json::Writer().number("quick", positions.quick).number("bulk", positions.bulk).finish();
}
Result<store::LanePositions> positions_from(const boost::json::value& value, std::string_view where,
                                            json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    const store::LanePositions positions{in.integer("quick", 0, any_seq), in.integer("bulk", 0, any_seq)};
    return in.finish(positions);
}

boost::json::value to_json(const store::RefusedRule& one) {
    return json::Writer()
        .text("key", encode_packed(one.key))
        .number("seq", one.seq)
        .text("error", one.error)
        .number("attempts", one.attempts)
        .finish();
}
Result<store::RefusedRule> refused_from(const boost::json::value& value, std::string_view where,
                                        json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    store::RefusedRule one;
    const auto key = decode_packed<RuleKey>(in.text("key", json::name_rule));
    if (!key) in.refuse("key", "not packed parameters");
    one.key = key.value_or(RuleKey{});
    one.seq = in.integer("seq", 0, any_seq);
    one.error = in.text("error", json::text_rule);
    one.attempts = static_cast<int>(in.integer("attempts", 1, 1'000'000'000));
    return in.finish(std::move(one));
}

boost::json::value to_json(const ClassReport& report) {
    boost::json::array refused;
    for (const auto& one : report.refused)
        refused.push_back(to_json(one));
    return json::Writer()
        .text("name", report.name)
        .value("shape", boost::json::string(report.shape))
        .text_if("source", report.positions.source)
        .value("held", to_json(report.positions.held))
        .value("confirmed", to_json(report.positions.confirmed))
        .value("filling", report.positions.extent == store::HeldPositions::Extent::filling)
        .value("status", hub_link::to_json(report.status))
        .value("refused", std::move(refused))
        .value("more_refused", report.refusals == ClassReport::Refusals::some)
        .finish();
}
Result<ClassReport> report_from(const boost::json::value& value, std::string_view where,
                                json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ClassReport report;
    report.name = in.text("name", json::name_rule);
    report.shape = in.text("shape", shape_rule);
    report.positions.source = in.text_or("source", json::line_rule, "");
    report.positions.held = in.object<store::LanePositions>("held", positions_from);
    report.positions.confirmed = in.object<store::LanePositions>("confirmed", positions_from);
    if (in.flag_or("filling", false)) report.positions.extent = store::HeldPositions::Extent::filling;
    report.status = in.object<enforce::ClassStatus>("status", status_from);
    report.status.name = report.name;
    report.refused = in.list<store::RefusedRule>("refused", refusals_in_report, refused_from);
    if (in.flag_or("more_refused", false)) report.refusals = ClassReport::Refusals::some;
    return in.finish(std::move(report));
}

std::string_view to_text(ClassOrder::Request request) {
    return request == ClassOrder::Request::rebuild ? "rebuild" : "audit";
}
std::optional<ClassOrder::Request> parse_request(std::string_view text) {
    if (text == "audit") return ClassOrder::Request::audit;
    if (text == "rebuild") return ClassOrder::Request::rebuild;
    return std::nullopt;
}

boost::json::value to_json(const ClassOrder& order) {
    return json::Writer()
        .text("id", order.id)
        .text("request", to_text(order.request))
        .text_if("rules", order.rules)
        .finish();
}
Result<ClassOrder> order_from(const boost::json::value& value, std::string_view where,
                              json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ClassOrder order;
    order.id = in.text("id", json::name_rule);
    order.request = in.word("request", parse_request, "audit, rebuild");
    order.rules = in.text_or("rules", json::name_rule, "");
    return in.finish(std::move(order));
}

boost::json::value to_json(const ClassOrderAnswer& answer) {
    json::Writer out;
    out.text("id", answer.id);
    if (!answer.classes) {
        return out.text("error", answer.classes.error().text.empty() ? "failed" : answer.classes.error().text)
            .value("not_found", answer.classes.error().code == ErrorCode::not_found)
            .finish();
    }
    boost::json::array classes;
    for (const auto& status : *answer.classes)
        classes.push_back(hub_link::to_json(status));
    return out.value("classes", std::move(classes)).finish();
}
Result<ClassOrderAnswer> answer_from(const boost::json::value& value, std::string_view where,
                                     json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ClassOrderAnswer answer;
    answer.id = in.text("id", json::name_rule);
    const auto error = in.optional_text("error", json::text_rule);
    const bool unknown_rules = in.flag_or("not_found", false);
    auto classes = in.list<enforce::ClassStatus>("classes", most_classes, status_from);
    if (error)
        answer.classes =
            fail(unknown_rules ? ErrorCode::not_found : ErrorCode::unavailable, *error, Retry::later);
    else
        answer.classes = std::move(classes);
    return in.finish(std::move(answer));
}

std::string_view to_text(ClassPage::Kept kept) {
    return kept == ClassPage::Kept::yes              ? "yes"
           : kept == ClassPage::Kept::not_configured ? "not_configured"
                                                     : "other_shape";
}
std::optional<ClassPage::Kept> parse_kept(std::string_view text) {
    for (const auto kept :
         {ClassPage::Kept::yes, ClassPage::Kept::not_configured, ClassPage::Kept::other_shape})
        if (text == to_text(kept)) return kept;
    return std::nullopt;
}

boost::json::value to_json(const ClassPage& page, Time now) {
    json::Writer out;
    out.text("name", page.name).text("kept", to_text(page.kept));
    if (page.kept != ClassPage::Kept::yes)
        return out.value("shape", boost::json::string(page.shape)).finish();
    return out.value("all", page.page.place == store::HeldPage::Place::first_of_all)
        .value("more", page.page.rest == store::HeldPage::Rest::more)
        .value("rows", boost::json::string(runtime::to_base64url(encode_rows(page.page.rules, now))))
        .value("up_to", to_json(page.page.up_to))
        .finish();
}

/// When the answer was written, by the asker's clock.
Result<ClassPage> page_from(const boost::json::value& value, std::string_view where, json::Unknown unknown,
                            Time written) {
    json::Reader in(value, where, unknown);
    ClassPage page;
    page.name = in.text("name", json::name_rule);
    page.kept = in.word("kept", parse_kept, "yes, not_configured, other_shape");
    page.shape = in.text_or("shape", shape_rule, "");
    if (page.kept != ClassPage::Kept::yes) return in.finish(std::move(page));
    if (in.flag_or("all", false)) page.page.place = store::HeldPage::Place::first_of_all;
    if (in.flag_or("more", false)) page.page.rest = store::HeldPage::Rest::more;
    page.page.up_to = in.object<store::LanePositions>("up_to", positions_from);
    const auto bytes = runtime::from_base64url(in.text("rows", rows_rule));
    auto rows = decode_rows(bytes.value_or("\xff"), written);
    if (rows)
        page.page.rules = std::move(*rows);
    else
        in.refuse("rows", rows.error().text);
    return in.finish(std::move(page));
}

template <typename T>
boost::json::array list_of(const std::vector<T>& all) {
    return json::array_of(all, [](const T& one) { return to_json(one); });
}

}  // namespace

std::string encode(const RulesRequest& request) {
    return json::serialize(json::Writer()
                               .value("classes", list_of(request.classes))
                               .value("running", json::to_json(request.running))
                               .value("answers", list_of(request.answers))
                               .number("wait", request.wait.count())
                               .finish());
}

Result<RulesRequest> decode_rules_request(std::string_view text) {
    const auto document = json::parse(text, "rules", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    RulesRequest request;
    request.classes = in.list<ClassReport>("classes", most_classes, report_from);
    request.running = in.texts("running", json::name_rule, most_orders);
    request.answers = in.list<ClassOrderAnswer>("answers", most_orders, answer_from);
    request.wait = std::chrono::seconds(in.integer("wait", 0, 3600));
    return in.finish(std::move(request));
}

std::string encode(const RulesAnswer& answer, Time now) {
    boost::json::array classes;
    for (const auto& page : answer.classes)
        classes.push_back(to_json(page, now));
    return json::serialize(json::Writer()
                               .text("store", answer.source)
                               .seconds("held", answer.held)
                               .value("classes", std::move(classes))
                               .value("orders", list_of(answer.orders))
                               .value("answered", json::to_json(answer.answered))
                               .finish());
}

Result<RulesAnswer> decode_rules_answer(std::string_view text, Time asked, Time now) {
    const auto document = json::parse(text, "the hub's answer", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    RulesAnswer answer;
    answer.source = in.text("store", json::line_rule);
    answer.held = std::max(in.seconds_or("held", Duration::zero()), Duration::zero());
    const Time written = std::min(asked + answer.held, now);
    answer.classes =
        in.list<ClassPage>("classes", most_classes,
                           [&](const boost::json::value& value, std::string_view where,
                               json::Unknown unknown) { return page_from(value, where, unknown, written); });
    for (auto& page : answer.classes)
        page.page.source = answer.source;
    answer.orders = in.list<ClassOrder>("orders", most_orders, order_from);
    answer.answered = in.texts("answered", json::name_rule, most_orders);
    return in.finish(std::move(answer));
}

}  // namespace garita::hub_link
