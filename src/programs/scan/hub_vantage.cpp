#include "programs/scan/hub_vantage.hpp"

#include <algorithm>
#include <thread>

#include "adapters/hub_link/vantage_json.hpp"
#include "runtime/json/text.hpp"

namespace garita::programs {
namespace json = runtime::json;
using runtime::http::Method;
namespace {

constexpr std::chrono::milliseconds shortest_pause{20};
constexpr std::chrono::milliseconds longest_pause{200};

ErrorCode code_of(int status) {
    switch (status) {
        case 401:
        case 403:
            return ErrorCode::forbidden;
        case 404:
            return ErrorCode::not_found;
        case 500:
        case 503:
            return ErrorCode::unavailable;
        default:
            return ErrorCode::invalid;
    }
}

}  // namespace

HubVantage::HubVantage(std::string agent, const std::string& socket)
    : agent_(std::move(agent)), hub_(socket), pause_(shortest_pause) {}

std::string HubVantage::scans() const {
    return "/api/v1/agents/" + percent_encode(agent_) + "/scans";
}

Result<boost::json::value> HubVantage::call(Method method, const std::string& target, std::string_view body) {
    const auto response =
        hub_.exchange(method, target, method == Method::post ? "application/json" : "", body);
    if (!response) return tl::unexpected(response.error());
    auto reply = read_reply(response->status, response->body);
    if (!reply) return fail(code_of(response->status), reply.error().text, Retry::later);
    return std::move(reply->body);
}

Result<void> HubVantage::wait_until_ready(Duration patience, const std::stop_token& stop) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto there = call(Method::get, scans(), "");
        if (there) return {};
        const bool may_come = there.error().code == ErrorCode::unavailable;
        if (!may_come || stop.stop_requested() || std::chrono::steady_clock::now() >= until)
            return tl::unexpected(there.error());
        std::this_thread::sleep_for(longest_pause);
    }
}

Result<std::string> HubVantage::order(const scan::VantageTask& task) {
    pause_ = shortest_pause;
    const auto taken = call(Method::post, scans(), json::serialize(hub_link::to_json(task)));
    if (!taken) return tl::unexpected(taken.error());
    json::Reader in(*taken, "the hub's answer", json::Unknown::ignore);
    auto id = in.text("id", json::name_rule);
    return in.finish(std::move(id));
}

Result<scan::VantageNews> HubVantage::look(const std::string& id) {
    std::this_thread::sleep_for(pause_);
    pause_ = std::min(pause_ * 2, longest_pause);
    const auto told = call(Method::get, "/api/v1/scans/" + percent_encode(id), "");
    if (!told) return tl::unexpected(told.error());
    return hub_link::news_from(*told, "the hub's answer", json::Unknown::ignore);
}

void HubVantage::stop(const std::string& id) {
    pause_ = shortest_pause;
    (void)call(Method::post, "/api/v1/scans/" + percent_encode(id) + "/stop", "{}");
}

}  // namespace garita::programs
