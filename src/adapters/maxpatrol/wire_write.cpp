#include <boost/json/value.hpp>

#include "adapters/maxpatrol/wire.hpp"
#include "runtime/json/text.hpp"

namespace garita::maxpatrol::wire {

namespace {

/// "2024-03-12T05:00:00.000Z": some versions take no other form; the whole second before.
std::string query_time(Time at) {
    const auto text = to_iso8601(std::chrono::floor<std::chrono::seconds>(at));
    return text.substr(0, text.find_first_of(".Z")) + ".000Z";
}

}  // namespace

std::string write_list(const incidents::Window& window, std::size_t offset, std::size_t limit,
                       Columns columns) {
    boost::json::array select = {"key", "name", "category", "type", "status", "created", "assigned"};
    if (columns == Columns::with_severity) select.emplace_back("severity");
    const boost::json::value body = {
        {"offset", offset},
        {"limit", limit},
        {"groups", {{"filterType", "no_filter"}}},
        {"timeFrom", query_time(window.from)},
        {"timeTo", nullptr},
        {"filterTimeType", window.by == incidents::Window::By::creation ? "creation" : "lastModification"},
        {"filter",
         {{"select", select},
          {"where", ""},
          // the oldest first: what comes while pages are read is added behind them
          {"orderby", boost::json::array{{{"field", "created"}, {"sortOrder", "ascending"}}}}}},
        {"queryIds", boost::json::array{"all_incidents"}},
    };
    return runtime::json::serialize(body);
}

std::string write_transition(IncidentStatus to, std::string_view message) {
    constexpr std::size_t longest_message = 2000;
    const auto text = runtime::json::to_json_text(message, longest_message);
    return runtime::json::serialize({{"id", to_text(to)}, {"measures", text}, {"message", text}});
}

}  // namespace garita::maxpatrol::wire
