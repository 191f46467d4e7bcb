#include "decide/policy.hpp"

#include <algorithm>

namespace garita::decide {
namespace {

bool matches(const Policy& policy, const PolicyQuestion& question) {
    const auto fits = [](const std::string& wanted, std::string_view is) {
        return wanted.empty() || wanted == is;
    };
    return fits(policy.kind, question.kind) && fits(policy.name, question.name) &&
           fits(policy.device, question.device) &&
           (!policy.severity || question.severity >= *policy.severity);
}

std::string_view pattern_of(const Facts& facts) {
    const auto found = facts.find("pattern");
    return found == facts.end() ? std::string_view{} : std::string_view(found->second);
}

}  // namespace

std::string_view to_text(Policy::Mode mode) {
    switch (mode) {
        case Policy::Mode::ask:
            return "ask";
        case Policy::Mode::automatic:
            return "auto";
        case Policy::Mode::observe:
            return "observe";
    }
    return "ask";
}

std::optional<Policy::Mode> parse_policy_mode(std::string_view text) {
    for (const auto mode : {Policy::Mode::ask, Policy::Mode::automatic, Policy::Mode::observe})
        if (to_text(mode) == text) return mode;
    return std::nullopt;
}

PolicyQuestion question_about(const Alert& alert, Severity severity) {
    return {alert.kind, pattern_of(alert.facts), alert.device, severity};
}

PolicyQuestion question_about(const Case& about) {
    return {about.kind, pattern_of(about.facts), about.device, about.severity};
}

const Policy& choose_policy(const std::vector<Policy>& policies, const Policy& otherwise,
                            const PolicyQuestion& question) {
    const auto found = std::find_if(policies.begin(), policies.end(),
                                    [&](const Policy& policy) { return matches(policy, question); });
    return found == policies.end() ? otherwise : *found;
}

int persons_needed(const Policy& policy, Response response, const std::optional<Danger>& danger) {
    switch (response) {
        case Response::allow:
        case Response::nothing:
        case Response::resume:
        case Response::keep_observing:
        case Response::undo:
        case Response::accept:
        case Response::mute:
        case Response::keep:
        case Response::confirm:
        case Response::refresh:
        case Response::acknowledge:
            return 1;
        case Response::close_connection:
        case Response::block:
        case Response::reboot:
        case Response::power_off:
        case Response::approve:
        case Response::dismiss:
        case Response::start_work:
        case Response::resolve:
            break;
    }
    return std::max(policy.approvals, policy.two_persons.contains(danger) ? 2 : 1);
}

std::string policy_name(const Policy& policy) {
    std::string name = policy.kind.empty() ? std::string("default") : policy.kind;
    for (const auto* part : {&policy.name, &policy.device})
        if (!part->empty()) name.append(" ").append(*part);
    if (policy.severity) name.append(" ").append(to_text(*policy.severity));
    return name.append(" ").append(to_text(policy.mode));
}

}  // namespace garita::decide
