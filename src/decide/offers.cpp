#include "decide/offers.hpp"

#include <charconv>

#include "model/alert_kinds.hpp"
#include "model/incident.hpp"

namespace garita::decide {
namespace {

template <typename Number>
Number number_of(const Facts& facts, std::string_view key) {
    Number number{};
    const auto found = facts.find(key);
    if (found == facts.end()) return number;
    const char* const end = found->second.data() + found->second.size();
    const auto parsed = std::from_chars(found->second.data(), end, number);
    return parsed.ec == std::errc{} && parsed.ptr == end ? number : Number{};
}

std::optional<IpAddress> peer_of(const std::optional<IpNetwork>& address, const Facts& facts) {
    if (address && address->is_host()) return address->address();
    const auto found = facts.find("address");
    return found == facts.end() ? std::nullopt : IpAddress::parse(found->second);
}

std::optional<IncidentStatus> status_of(const Facts& facts) {
    const auto status = facts.find(incident_status_fact);
    return status == facts.end() ? std::nullopt : parse_incident_status(status->second);
}

bool has_ground(Response response, const Alert& alert) {
    switch (response) {
        case Response::block:
            return alert.address.has_value();
        case Response::close_connection:
            return session_of(alert.address, alert.facts).has_value();
        case Response::allow:
        case Response::nothing:
        case Response::reboot:
        case Response::power_off:
        case Response::accept:
        case Response::keep:
            return true;
        case Response::mute:  // in the Alertmanager that the alert came from, if the hub may
            return alert.kind != "alertmanager" || alert.facts.contains("source");
        case Response::resume:  // the desk asks about its own policies; no alert from outside does
        case Response::keep_observing:
        case Response::undo:
        case Response::confirm:
        case Response::acknowledge:  // stands beside what is offered
        case Response::refresh:      // of incidents, which have a table of their own
        case Response::approve:
        case Response::dismiss:
        case Response::start_work:
        case Response::resolve:
            return false;
    }
    return false;
}

}  // namespace

std::vector<Response> offered_responses(const Alert& alert) {
    if (alert.kind == incident_kind) return answers_in(status_of(alert.facts));
    std::vector<Response> responses = answers_of(alert.kind);
    std::erase_if(responses, [&](Response response) { return !has_ground(response, alert); });
    return responses;
}

std::optional<CloseSession> session_of(const std::optional<IpNetwork>& address, const Facts& facts) {
    const auto ended = facts.find("ended");
    if (ended != facts.end() && ended->second == "yes") return std::nullopt;
    const auto peer = peer_of(address, facts);
    CloseSession session;
    session.pid = number_of<std::int64_t>(facts, "pid");
    session.start_ticks = number_of<std::uint64_t>(facts, "start_ticks");
    session.peer_port = number_of<std::uint16_t>(facts, "peer_port");
    session.local_port = number_of<std::uint16_t>(facts, "local_port");
    if (session.pid <= 1 || session.start_ticks == 0) session.pid = 0, session.start_ticks = 0;
    if (!peer || (session.pid == 0 && session.peer_port == 0)) return std::nullopt;
    session.peer = *peer;
    return session;
}

}  // namespace garita::decide
