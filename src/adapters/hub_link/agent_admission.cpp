// What administrators ask the register of agents for.

#include "adapters/hub_link/admission_text.hpp"
#include "adapters/hub_link/agent_registry.hpp"
#include "adapters/hub_link/enrolment_code.hpp"
#include "decide/settlement.hpp"
#include "model/rights.hpp"

namespace garita::hub_link {
namespace {

constexpr Duration longest_code = std::chrono::days(30);
/// An ended code is remembered for so long, so that who brings it late is told why it is refused.
constexpr Duration code_remembered = std::chrono::days(1);
constexpr std::size_t cases_settled_at_once = 500;

Result<void> administrator(const Actor& by, const std::string& doing) {
    const Role needed = role_needed(Right::admit_agents);
    if (by.role >= needed) return {};
    return fail(ErrorCode::forbidden,
                by.text() + " may not " + doing + ": that takes the role " + std::string(to_text(needed)));
}

/// Nobody waits for its part any more: neither actions, nor cases with a block on it.
void release_waiting(store::Transaction& tx, const std::string& device, Time now) {
    std::vector<CaseId> touched;
    for (const auto& action : tx.pending_actions(device, now))
        if (tx.finish_action(action.id, ActionState::failed, "the agent was revoked before", now))
            touched.push_back(action.case_id);
    for (const auto& rule : tx.rule_changes(device, 0, cases_settled_at_once))
        if (rule.case_id && !rule.settled()) touched.push_back(rule.case_id);
    for (const auto id : touched)
        decide::settle_case(tx, id, now);
}

std::optional<AgentCertificate> the_one_that_counts(const std::vector<AgentCertificate>& newest_first,
                                                    Time now) {
    for (const auto& one : newest_first)
        if (one.valid(now) && one.first_used_at) return one;
    for (const auto& one : newest_first)
        if (one.valid(now)) return one;
    return newest_first.empty() ? std::nullopt : std::optional(newest_first.front());
}

}  // namespace

std::string how_to_enrol(std::string_view device) {
    return "`garita enroll " + std::string(device) + "` on the hub gives a code to enrol it with";
}

std::string not_a_device_name(std::string_view name) {
    return "'" + std::string(name.substr(0, 64)) +
           "' cannot be an agent's name: letters, digits, '.', '_' and '-', beginning with a letter or "
           "digit, "
           "at most 64";
}

std::string object_of_agent(std::string_view device) {
    return "agent " + std::string(device);
}

Actor agent_actor(const std::string& device) {
    return {Actor::Kind::system, device, "agent", Role::viewer};
}

Result<decide::EnrolmentOffer> AgentRegistry::offer(const std::string& device, Duration valid,
                                                    const Actor& by, Time now) {
    if (const auto may = administrator(by, "enrol agents"); !may) return tl::unexpected(may.error());
    if (!is_device_name(device)) return fail(ErrorCode::invalid, not_a_device_name(device));
    if (valid < std::chrono::seconds(1) || valid > longest_code)
        return fail(ErrorCode::invalid, "an enrolment code lasts from a second to 30 days");
    const auto ticket = make_ticket(hub_.pin);
    EnrolmentCode code;
    code.hash = hash_of(ticket.secret.reveal());
    code.device = device;
    code.author = by.text();
    code.created_at = now;
    code.expires_at = now + valid;
    const auto written = store_.write([&](Tx& tx) -> Result<void> {
        tx.remove_enrolment_codes(device, now - code_remembered);
        tx.put_enrolment_code(code);
        (void)tx.add_audit({0, now, by, "agent_code", object_of_agent(device),
                            "an enrolment code until " + to_iso8601(code.expires_at)});
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return decide::EnrolmentOffer{device, to_text(ticket), code.expires_at, hub_.url};
}

Result<void> AgentRegistry::revoke(const std::string& device, const Actor& by, Time now) {
    if (const auto may = administrator(by, "revoke agents"); !may) return may;
    std::vector<std::string> keys;
    const auto written = store_.write([&](Tx& tx) -> Result<void> {
        keys.clear();
        if (!tx.find_device(device)) return fail(ErrorCode::not_found, "there is no agent " + device);
        for (auto& one : tx.certificates_of(device)) {
            keys.push_back(one.key);
            if (one.revoked_at) continue;
            one.revoked_at = now;
            one.revoked_because = "revoked by " + by.text();
            tx.put_certificate(one);
        }
        tx.set_revoked(device, now);
        tx.remove_enrolment_codes(device, now - code_remembered);
        release_waiting(tx, device, now);
        (void)tx.add_audit({0, now, by, "agent_revoked", object_of_agent(device),
                            std::to_string(keys.size()) + " certificates"});
        return {};
    });
    if (written && options_.cut) options_.cut(std::move(keys));
    return written;
}

Result<std::vector<decide::AgentStanding>> AgentRegistry::standings(Time now) {
    std::vector<decide::AgentStanding> all;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        const auto codes = view.enrolment_codes();
        for (auto& device : view.devices()) {
            decide::AgentStanding one;
            one.certificate = the_one_that_counts(view.certificates_of(device.name), now);
            for (const auto& code : codes)
                if (code.device == device.name && !code.used_at && code.expires_at > now)
                    one.code_until = code.expires_at;
            one.device = std::move(device);
            all.push_back(std::move(one));
        }
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return all;
}

}  // namespace garita::hub_link
