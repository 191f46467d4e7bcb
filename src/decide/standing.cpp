#include "decide/standing.hpp"

#include <algorithm>

#include "decide/agreement.hpp"
#include "decide/offers.hpp"
#include "decide/suspension.hpp"

namespace garita::decide {
namespace {

constexpr std::size_t most_left_alone = 256;

bool is_local(const Policy& policy) {
    return policy.locally && policy.mode == Policy::Mode::automatic && policy.response == Response::block;
}

/// In order up to the last that counts: those between may take an alert away from it.
std::vector<Policy> policies_of(store::View& view, const std::vector<Policy>& all, std::string_view device) {
    std::vector<Policy> mine;
    const auto suspended = suspensions(view);
    std::size_t up_to = 0;
    for (const auto& policy : all) {
        if (!policy.device.empty() && policy.device != device) continue;
        mine.push_back(policy);
        const auto name = policy_name(policy);
        if (std::any_of(suspended.begin(), suspended.end(),
                        [&](const auto& one) { return one.policy == name; }))
            mine.back().locally = false;
        if (is_local(mine.back())) up_to = mine.size();
    }
    mine.resize(up_to);
    return mine;
}

std::vector<Standing::LeftAlone> left_alone(store::View& view, const DeskOptions& options,
                                            std::string_view device, Time now) {
    store::CaseQuery query;
    query.states = {CaseState::decided, CaseState::closed};
    query.device = device;
    query.limit = most_left_alone;
    std::vector<Standing::LeftAlone> found;
    for (const auto& about : view.cases(query))
        if (const auto until = quiet_until(about, options); until && now < *until)
            found.push_back({about.kind, about.subject, about.severity, *until});
    return found;
}

DeskOptions desk_options_of(const Standing& standing) {
    DeskOptions options;
    options.widest_v4 = standing.widest_v4;
    options.widest_v6 = standing.widest_v6;
    options.wide = standing.wide;
    return options;
}

Surroundings surroundings_of(const Standing& standing, const Alert& alert) {
    Surroundings around;
    around.devices = {alert.device};
    for (const auto& [network, why] : standing.protected_networks)
        around.protected_networks.add(network, why);
    return around;
}

Case case_of(const Alert& alert) {
    Case about;
    about.kind = alert.kind;
    about.device = alert.device;
    about.subject = alert.subject;
    about.severity = alert.severity;
    about.address = alert.address;
    about.facts = alert.facts;
    about.responses = offered_responses(alert);
    return about;
}

bool is_left_alone(const Standing& standing, const Alert& alert, Time now) {
    return std::any_of(standing.left_alone.begin(), standing.left_alone.end(), [&](const auto& one) {
        return one.kind == alert.kind && one.subject == alert.subject && alert.severity <= one.severity &&
               now < one.until;
    });
}

bool is_blocked(const std::vector<store::OwnDecision>& made, const IpNetwork& network, Time now) {
    return std::any_of(made.begin(), made.end(), [&](const store::OwnDecision& own) {
        const auto ends = own.decided.ends();
        return own.network.contains(network) && (!ends || now < *ends);
    });
}

/// Once so many were made within the span, no more are, until the hub has seen them. `policy` empty: of all.
bool is_reached(const RateCap& cap, const std::vector<store::OwnDecision>& made, std::string_view policy) {
    std::vector<Time> times;
    for (const auto& own : made)
        if (policy.empty() || own.decided.policy == policy) times.push_back(own.decided.at);
    std::sort(times.begin(), times.end());
    if (cap.at_most == 0) return true;
    for (std::size_t last = cap.at_most - 1; last < times.size(); ++last)
        if (times[last] - times[last + 1 - cap.at_most] < cap.per) return true;
    return false;
}

}  // namespace

std::optional<Standing> standing_for(store::View& view, const DeskOptions& options,
                                     const std::vector<ProtectedNetwork>& hub, std::string_view device,
                                     Time now) {
    Standing standing;
    standing.policies = policies_of(view, options.policies, device);
    if (standing.policies.empty()) return std::nullopt;
    standing.protected_networks = protected_everywhere(view.devices(), options, hub);
    standing.widest_v4 = options.widest_v4;
    standing.widest_v6 = options.widest_v6;
    standing.wide = options.wide;
    standing.cap = options.automatic_blocks;
    standing.left_alone = left_alone(view, options, device, now);
    return standing;
}

Verdict verdict_of_policy(const Policy& policy) {
    Verdict verdict;
    verdict.response = policy.response.value_or(Response::nothing);
    verdict.by = {Actor::Kind::policy, policy_name(policy), "policy", Role::administrator};
    if (verdict.response == Response::block) verdict.lasts = policy.lasts;
    verdict.block_on = policy.block_on;
    return verdict;
}

std::optional<DecidedAlone> decide_alone(const Standing& standing, const Alert& alert,
                                         const std::vector<store::OwnDecision>& made, Time now) {
    if (!alert.address || alert.decided) return std::nullopt;
    const Policy otherwise;
    const Policy& policy = choose_policy(standing.policies, otherwise, question_about(alert, alert.severity));
    if (!is_local(policy) || is_left_alone(standing, alert, now) || is_blocked(made, *alert.address, now))
        return std::nullopt;
    const auto verdict = verdict_of_policy(policy);
    const auto about = case_of(alert);
    const auto options = desk_options_of(standing);
    if (refuse_unattended(about, verdict.response, policy, options) ||
        refuse_verdict(about, verdict, options, surroundings_of(standing, alert)))
        return std::nullopt;
    if (is_reached(standing.cap, made, "")) return std::nullopt;
    if (policy.cap && is_reached(*policy.cap, made, verdict.by.name)) return std::nullopt;
    return DecidedAlone{verdict.by.name, now, verdict.lasts};
}

}  // namespace garita::decide
