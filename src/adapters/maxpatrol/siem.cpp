#include "adapters/maxpatrol/siem.hpp"

#include <algorithm>

#include "adapters/maxpatrol/connection.hpp"

namespace garita::maxpatrol {

namespace {

constexpr std::size_t most_answer_bytes = std::size_t{64} << 20;  ///< of an answer

}  // namespace

Siem::Siem(const Settings& settings, Access& access)
    : settings_(settings),
      access_(access),
      client_(connection_to(settings.url, settings, most_answer_bytes)) {}

void Siem::cancel() {
    client_.cancel();
    access_.cancel();
}

std::string Siem::link(const std::string& id) const {
    return settings_.link_url + "/#/incident/incidents/view/" + id;
}

tl::unexpected<Error> Siem::unexpected(const std::string& what, const Response& response) const {
    const auto words = wire::read_refusal(response.body);
    const auto text = settings_.name + ": " + what + " is answered by " + std::to_string(response.status) +
                      (words.empty() ? "" : " (" + words + ")");
    if (response.status == 404) return fail(ErrorCode::not_found, text);
    if (response.status == 401 || response.status == 403)
        return fail(ErrorCode::forbidden, text + ": has the account the right to it?", Retry::later);
    return fail(ErrorCode::unavailable, text, Retry::later);
}

Result<Siem::Response> Siem::call(Method method, const std::string& path, const std::string& body) {
    for (int attempt = 0;; ++attempt) {
        auto token = access_.token();
        if (!token) return tl::unexpected(std::move(token.error()));
        runtime::http::Headers headers{{"Authorization", "Bearer " + *token}, {"Accept", "application/json"}};
        if (!body.empty()) headers.add("Content-Type", "application/json");
        auto response = client_.send(method, path, headers, body);
        if (!response || response->status != 401) return response;
        access_.refused(*token);
        if (attempt > 0) return response;
    }
}

Result<Siem::Response> Siem::read(std::size_t& known, const std::vector<std::string>& paths) {
    auto response = call(Method::get, paths[known]);
    if (!response || (response->status != 404 && response->status != 405)) return response;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        if (i == known) continue;
        auto other = call(Method::get, paths[i]);
        if (!other) return other;
        if (other->status == 200) {
            known = i;
            return other;
        }
    }
    return response;
}

Result<incidents::Page> Siem::list(const incidents::Window& window, std::size_t offset, std::size_t limit) {
    const auto ask = [&] {
        return call(Method::post, slash_ ? "/api/v2/incidents/" : "/api/v2/incidents",
                    wire::write_list(window, offset, limit, columns_));
    };
    auto response = ask();
    if (response && (response->status == 404 || response->status == 405)) {
        slash_ = !slash_;
        response = ask();
    }
    // a column that this version does not have is answered so; a SIEM in trouble, too: then it comes back
    if (response && (response->status == 400 || response->status == 500) &&
        columns_ == wire::Columns::with_severity) {
        columns_ = wire::Columns::common;
        auto again = ask();
        if (!again || again->status != 200) columns_ = wire::Columns::with_severity;
        response = std::move(again);
    }
    if (!response) return tl::unexpected(std::move(response.error()));
    if (response->status != 200) return unexpected("the list of incidents", *response);
    return wire::read_page(response->body);
}

Result<incidents::Incident> Siem::find(const std::string& id) {
    auto response = read(incident_path_, {"/api/incidentsReadModel/incidents/" + id, "/api/incidents/" + id});
    if (!response) return tl::unexpected(std::move(response.error()));
    if (response->status != 200) return unexpected("an incident", *response);
    return wire::read_incident(response->body);
}

Result<incidents::IncidentEvents> Siem::events(const std::string& id, std::size_t most) {
    // one more than is shown: where it does not come, nobody has to be asked how many there are
    const auto path = "/api/incidents/" + id + "/events";
    const auto response = call(Method::get, path + "?offset=0&limit=" + std::to_string(most + 1));
    if (!response) return tl::unexpected(response.error());
    if (response->status != 200) return unexpected("the events of an incident", *response);
    auto all = wire::read_events(response->body);
    if (!all) return tl::unexpected(std::move(all.error()));
    incidents::IncidentEvents events;
    events.total = static_cast<std::int64_t>(all->size());
    if (all->size() == most + 1) {
        const auto counted = call(Method::get, path + "/count");
        if (counted && counted->status == 200)
            events.total = std::max(events.total, wire::read_count(counted->body).value_or(0));
    }
    all->resize(std::min(all->size(), most));
    events.first = std::move(*all);
    return events;
}

Result<std::vector<incidents::Transition>> Siem::history(const std::string& id) {
    auto response = read(history_path_, {"/api/incidentsReadModel/incidents/" + id + "/transitions",
                                         "/api/incidents/" + id + "/transitions"});
    if (!response) return tl::unexpected(std::move(response.error()));
    if (response->status != 200) return unexpected("the history of an incident", *response);
    return wire::read_history(response->body);
}

Result<void> Siem::move(const std::string& id, IncidentStatus to, const std::string& message) {
    const auto response =
        call(Method::put, "/api/incidents/" + id + "/transitions", wire::write_transition(to, message));
    if (!response) return tl::unexpected(response.error());
    if (response->status >= 200 && response->status < 300) return {};
    const bool refused = response->status >= 400 && response->status < 500 && response->status != 401 &&
                         response->status != 403 && response->status != 404 && response->status != 429;
    if (!refused) return unexpected("moving an incident", *response);
    const auto words = wire::read_refusal(response->body);
    return fail(ErrorCode::conflict, words.empty() ? std::to_string(response->status) : words);
}

}  // namespace garita::maxpatrol
