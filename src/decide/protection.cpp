#include "decide/protection.hpp"

#include <algorithm>

namespace garita::decide {
namespace {

/// Who raises these remembers what people know, and is silent about it.
bool tells_only_news(std::string_view kind) {
    return kind == "ports_drift" || kind == "ports_unknown";
}

}  // namespace

bool Surroundings::knows(std::string_view device) const {
    return std::find(devices.begin(), devices.end(), device) != devices.end();
}

std::vector<ProtectedNetwork> hub_networks(const DeskOptions& options) {
    return options.hub_networks ? options.hub_networks() : std::vector<ProtectedNetwork>{};
}

Surroundings look_around(store::View& view, const DeskOptions& options,
                         const std::vector<ProtectedNetwork>& hub) {
    Surroundings around;
    const auto devices = view.devices();
    for (const auto& [network, why] : protected_everywhere(devices, options, hub))
        around.protected_networks.add(network, why);
    const auto person_of = [&](const std::string& user) {
        return std::find_if(options.people.begin(), options.people.end(), [&](const Person& person) {
            return !user.empty() && person.system_user == user;
        });
    };
    for (const auto& device : devices) {
        if (device.revoked_at) continue;  // what it said of itself counts no more either
        for (const auto& login : device.logins)
            if (const auto person = person_of(login.user); person != options.people.end())
                around.logins.push_back({device.name, person->name, login});
        around.devices.push_back(device.name);
    }
    return around;
}

std::vector<ProtectedNetwork> protected_everywhere(const std::vector<Device>& devices,
                                                   const DeskOptions& options,
                                                   const std::vector<ProtectedNetwork>& hub) {
    std::vector<ProtectedNetwork> all = options.protected_networks;
    all.insert(all.end(), hub.begin(), hub.end());
    for (const auto& device : devices) {
        if (device.revoked_at) continue;
        for (const auto& network : device.protected_networks)
            all.push_back({network, "own network, gateway or resolver of " + device.name});
    }
    return all;
}

std::optional<Time> quiet_until(const Case& about, const DeskOptions& options) {
    if (!about.decision || tells_only_news(about.kind)) return std::nullopt;
    const auto& decision = *about.decision;
    if (decision.response == Response::allow)
        return decision.at + decision.lasts.value_or(options.quiet_after_allow);
    if (decision.response == Response::nothing)
        return decision.at + decision.lasts.value_or(options.quiet_after_nothing);
    return std::nullopt;
}

std::optional<Refusal> refuse_block(const IpNetwork& network, const DeskOptions& options,
                                    const ProtectedSet& set, const std::optional<IpAddress>& from) {
    const unsigned widest = network.address().is_v4() ? options.widest_v4 : options.widest_v6;
    if (network.prefix() < widest)
        return Refusal{Error{ErrorCode::forbidden, network.text() + " is too wide to be blocked: /" +
                                                       std::to_string(widest) + " is the widest allowed"},
                       "refused.too_wide",
                       {{"network", network.text()}, {"widest", std::to_string(widest)}}};
    if (const auto hit = set.hit_by(network))
        return Refusal{
            Error{ErrorCode::forbidden, network.text() + " cannot be blocked: it would hit " +
                                            hit->network.text() + ", which is protected (" + hit->why + ")"},
            "refused.protected",
            {{"network", network.text()}, {"protected", hit->network.text()}}};
    if (from && network.contains(*from))
        return Refusal{
            Error{ErrorCode::forbidden, network.text() + " cannot be blocked: you are connected from " +
                                            from->text() + " and would lock yourself out"},
            "refused.own_address",
            {{"network", network.text()}, {"from", from->text()}}};
    return std::nullopt;
}

std::optional<Refusal> refuse_cutting_off(const IpNetwork& network, const Surroundings& around,
                                          const Case* about) {
    const auto is_answered = [&](const LiveLogin& live) {
        if (about == nullptr || about->kind != "ssh_login") return false;
        const auto user = about->facts.find("user");
        return user != about->facts.end() && user->second == live.login.user;
    };
    for (const auto& live : around.logins)
        if (network.contains(live.login.from) && !is_answered(live))
            return Refusal{Error{ErrorCode::forbidden, network.text() + " cannot be blocked: " + live.person +
                                                           " is logged in to " + live.device + " from " +
                                                           live.login.from.text()},
                           "refused.live_login",
                           {{"network", network.text()},
                            {"who", live.person},
                            {"device", live.device},
                            {"from", live.login.from.text()}}};
    return std::nullopt;
}

std::optional<Rule> block_covering(store::View& view, std::string_view device, const IpNetwork& network,
                                   Time now) {
    const bool v4 = network.address().is_v4();
    store::RuleQuery query;
    query.device = device;
    query.name = block_rule;
    query.limit = 1;
    for (unsigned length = network.prefix(); length >= (v4 ? 8U : 16U); --length) {
        if (!v4 && length != network.prefix() && (length > 64 || length % 4 != 0)) continue;
        query.params = IpNetwork(network.address(), length).text();
        const auto found = view.rules(query);
        if (!found.empty() && found.front().desired &&
            (!found.front().expires_at || *found.front().expires_at > now))
            return found.front();
    }
    return std::nullopt;
}

}  // namespace garita::decide
