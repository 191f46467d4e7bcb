#include "decide/wide_order.hpp"

#include <algorithm>

#include "decide/confirmation.hpp"
#include "decide/suspension.hpp"

namespace garita::decide {
namespace {

/// A case of its own, decided already, stands for the wide networks of the order: it is what is confirmed.
CaseId case_of(store::Transaction& transaction, const WideOrder& wide, const RuleChange& change,
               const Provisional& provisional, Time now) {
    Case about;
    about.kind = "wide_block";
    about.device = wide.devices.size() == 1 ? wide.devices.front() : std::string(hub_device);
    about.subject = wide.networks.front().text();
    if (wide.networks.size() > 1)
        about.subject += " and " + std::to_string(wide.networks.size() - 1) + " more";
    else
        about.address = wide.networks.front();
    about.opened_at = about.updated_at = about.last_alert_at = now;
    about.provisional = provisional;
    const CaseId id = transaction.insert_case(about);
    Decision decision;
    decision.case_id = id;
    decision.response = Response::block;
    decision.by = wide.order.by;
    decision.at = now;
    if (change.expires_at) decision.lasts = *change.expires_at - now;
    decision.comment = wide.order.comment;
    (void)transaction.decide(decision, CaseState::decided, now);
    transaction.ring({store::Topic::cases, {}});
    return id;
}

/// In force and confirmed, or never in need of it: blocking it again cuts nobody off who gets in now.
bool stands_already(store::View& view, const IpNetwork& network, const std::vector<std::string>& devices) {
    store::RuleQuery query;
    query.name = block_rule;
    query.params = network.text();
    query.limit = 1;
    return std::all_of(devices.begin(), devices.end(), [&](const std::string& device) {
        query.device = device;
        const auto rules = view.rules(query);
        if (rules.empty() || !rules.front().desired || !rules.front().settled()) return false;
        const auto about = view.find_case(rules.front().case_id);
        return !about || !about->provisional || about->provisional->state == Provisional::State::confirmed;
    });
}

}  // namespace

std::optional<CaseId> begin_wide_block(store::Transaction& transaction, const WideOrder& wide,
                                       RuleChange& change, Time now) {
    const bool stands = std::all_of(wide.networks.begin(), wide.networks.end(), [&](const IpNetwork& one) {
        return stands_already(transaction, one, wide.devices);
    });
    const auto provisional = provisional_block(wide.networks, change.expires_at, wide.options, now);
    if (!provisional || stands) return std::nullopt;
    change.case_id = case_of(transaction, wide, change, *provisional, now);
    change.expires_at = provisional->until;
    return change.case_id;
}

}  // namespace garita::decide
