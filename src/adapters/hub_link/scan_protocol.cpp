#include "adapters/hub_link/scan_protocol.hpp"

#include <algorithm>

#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

constexpr std::size_t most_bytes = 32UL * 1024 * 1024;
constexpr std::int64_t longest_wait = 600'000;

boost::json::value to_json(const ScanOrder& order) {
    return json::Writer()
        .text("id", order.id)
        .text_if("by", order.by)
        .value("task", hub_link::to_json(order.task))
        .finish();
}
Result<ScanOrder> order_from(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ScanOrder order;
    order.id = in.text("id", json::name_rule);
    order.by = in.text_or("by", json::line_rule, "");
    order.task = in.object<scan::VantageTask>("task", task_from);
    return in.finish(std::move(order));
}

boost::json::value to_json(const ScanAnswer& answer) {
    return json::Writer().text("id", answer.id).value("ended", hub_link::to_json(answer.outcome)).finish();
}
Result<ScanAnswer> answer_from(const boost::json::value& value, std::string_view where,
                               json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ScanAnswer answer;
    answer.id = in.text("id", json::name_rule);
    answer.outcome = in.object<Result<scan::VantageOutcome>>("ended", ended_from);
    return in.finish(std::move(answer));
}

boost::json::value to_json(const ScanUnderWay& running) {
    return json::Writer()
        .text("id", running.id)
        .value("progress", hub_link::to_json(running.progress))
        .value("open", json::array_of(running.open, [](const auto& one) { return hub_link::to_json(one); }))
        .finish();
}
Result<ScanUnderWay> running_from(const boost::json::value& value, std::string_view where,
                                  json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ScanUnderWay running;
    running.id = in.text("id", json::name_rule);
    running.progress = in.object<scan::Progress>("progress", progress_from);
    running.open = in.list<scan::FoundOpen>("open", most_told_open, found_from);
    return in.finish(std::move(running));
}

template <typename T>
boost::json::array list_of(const std::vector<T>& all) {
    return json::array_of(all, [](const T& one) { return to_json(one); });
}

}  // namespace

std::string encode(const ScansRequest& request) {
    return json::serialize(json::Writer()
                               .text("instance", request.instance)
                               .value("running", list_of(request.running))
                               .value("answers", list_of(request.answers))
                               .number("wait", request.wait.count())
                               .finish());
}

Result<ScansRequest> decode_scans_request(std::string_view text) {
    const auto document = json::parse(text, "scans", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    ScansRequest request;
    request.instance = in.text("instance", json::name_rule);
    request.running = in.list<ScanUnderWay>("running", most_scan_orders, running_from);
    request.answers = in.list<ScanAnswer>("answers", most_scan_orders, answer_from);
    request.wait = std::chrono::milliseconds(in.integer("wait", 0, longest_wait));
    return in.finish(std::move(request));
}

std::string encode(const ScansReply& reply) {
    return json::serialize(json::Writer()
                               .seconds("held", reply.held)
                               .value("orders", list_of(reply.orders))
                               .value("wanted", json::to_json(reply.wanted))
                               .value("answered", json::to_json(reply.answered))
                               .finish());
}

Result<ScansReply> decode_scans_reply(std::string_view text) {
    const auto document = json::parse(text, "the hub's answer", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    ScansReply reply;
    reply.held = std::max(in.seconds_or("held", Duration::zero()), Duration::zero());
    reply.orders = in.list<ScanOrder>("orders", most_scan_orders, order_from);
    reply.wanted = in.texts("wanted", json::name_rule, most_scan_orders);
    reply.answered = in.texts("answered", json::name_rule, most_scan_orders);
    return in.finish(std::move(reply));
}

}  // namespace garita::hub_link
