// Values as the text of a column; rows.cpp reads them back.

#include "adapters/sqlite/rows.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/text.hpp"

namespace garita::sqlite {
namespace json = runtime::json;

std::string facts_text(const Facts& facts) {
    return json::serialize(json::to_json(facts));
}

std::string order_text(const ActionOrder& order) {
    return json::serialize(json::to_json(order));
}

std::optional<std::string> proposal_text(const std::optional<Proposal>& proposal) {
    return proposal ? std::optional(json::serialize(json::to_json(*proposal))) : std::nullopt;
}

std::optional<std::string> provisional_text(const std::optional<Provisional>& provisional) {
    return provisional ? std::optional(json::serialize(json::to_json(*provisional))) : std::nullopt;
}

std::optional<std::string> duty_text(const Duty& duty) {
    return duty.is_blank() ? std::nullopt : std::optional(json::serialize(json::to_json(duty)));
}

std::optional<Time> unconfirmed_until(const Case& about) {
    const bool waiting = about.provisional && about.provisional->state == Provisional::State::waiting;
    return waiting ? std::optional(about.provisional->until) : std::nullopt;
}

std::string responses_text(const std::vector<Response>& responses) {
    std::string text;
    for (const auto response : responses) {
        if (!text.empty()) text += ' ';
        text += to_text(response);
    }
    return text;
}

std::optional<std::string> network_text(const std::optional<IpNetwork>& network) {
    return network ? std::optional(network->text()) : std::nullopt;
}

std::string networks_text(const std::vector<IpNetwork>& networks) {
    std::vector<std::string> lines;
    lines.reserve(networks.size());
    for (const auto& network : networks)
        lines.push_back(network.text());
    return lines_text(lines);
}

std::string logins_text(const std::vector<Login>& logins) {
    std::vector<std::string> lines;
    for (const auto& login : logins)
        lines.push_back(login.user + ' ' + login.from.text());
    return lines_text(lines);
}

std::string lines_text(const std::vector<std::string>& lines) {
    return json::serialize(json::to_json(lines));
}

}  // namespace garita::sqlite
