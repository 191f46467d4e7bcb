#include "decide/offers.hpp"

#include <algorithm>
#include <charconv>

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
            return true;
    }
    return false;
}

}  // namespace

const std::vector<Offer>& built_in_offers() {
    static const std::vector<Offer> rows = {
        {"ssh_login", {Response::allow, Response::close_connection, Response::block}},
        {"http_errors", {Response::allow, Response::block}},
        {"log_patterns", {Response::allow, Response::block}},
        {"cpu_load", {Response::nothing, Response::reboot, Response::power_off}},
    };
    return rows;
}

std::vector<Response> offered_responses(const std::vector<Offer>& offers, const Alert& alert) {
    static const std::vector<Response> other_kinds = {Response::nothing, Response::block};
    const auto row = std::find_if(offers.begin(), offers.end(),
                                  [&](const Offer& offer) { return offer.kind == alert.kind; });
    std::vector<Response> responses = row == offers.end() ? other_kinds : row->responses;
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
