#include "programs/agent/participant.hpp"

#include <algorithm>

#include "programs/process/disk.hpp"
#include "programs/process/process.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/clock/lasting_clock.hpp"

namespace garita::programs {
namespace {

constexpr Duration link_alert_pause = std::chrono::hours(1);

}  // namespace

Participant::Participant(World world) : world_(std::move(world)), boot_id_(runtime::boot_id()) {}

hub_link::HostReport Participant::host_report() {
    hub_link::HostReport host;
    host.version = version();
    host.boot_id = boot_id_;
    host.scans = world_.scans;
    host.protected_networks = world_.configured_protection;
    if (const auto local = world_.local.protected_networks())
        for (const auto& one : *local)
            // Each host's own loopback is not worth telling: it is protected everywhere.
            if (one.role != enforce::LocalRole::loopback) host.protected_networks.push_back(one.network);
    host.logins = world_.logins();
    for (const auto& status : world_.sensors()) {
        host.watches.insert(host.watches.end(), status.watches.begin(), status.watches.end());
        for (const auto& trouble : status.troubles)
            host.troubles.push_back(status.name + ": " + trouble);
    }
    if (const auto disk = disk_trouble(world_.state)) host.troubles.push_back(*disk);
    const std::lock_guard lock(mutex_);
    if (!link_trouble_.empty()) host.troubles.push_back("hub: " + link_trouble_);
    if (!enforcement_trouble_.empty()) host.troubles.push_back("firewall: " + enforcement_trouble_);
    return host;
}

hub_link::RulesReport Participant::rules_report() {
    const std::lock_guard lock(mutex_);
    return pending_;
}

void Participant::rules_report_delivered(const hub_link::RulesReport& delivered) {
    const std::lock_guard lock(mutex_);
    link_trouble_.clear();
    pending_.connections_cut -= std::min(pending_.connections_cut, delivered.connections_cut);
    if (pending_.in_force_seq == delivered.in_force_seq && pending_.failed.size() == delivered.failed.size())
        pending_.failed.clear();
}

std::vector<ActionId> Participant::known_actions() {
    const std::lock_guard lock(mutex_);
    return {ordered_.begin(), ordered_.end()};
}

/// The alert waits in the spool until the hub itself takes it: whoever answers in its place cannot sign for
/// it.
void Participant::orders_refused(const std::string& why) {
    const auto now = runtime::system_now();
    {
        const std::lock_guard lock(mutex_);
        link_trouble_ = why;
        if (link_alert_at_ && now >= *link_alert_at_ && now - *link_alert_at_ < link_alert_pause) return;
        link_alert_at_ = now;
    }
    Alert alert;
    alert.uid = "orders_refused-" + boot_id_ + "-" + std::to_string(to_micros(now));
    alert.device = world_.name;
    alert.kind = "orders_refused";
    alert.subject = "hub";
    alert.severity = Severity::critical;
    alert.at = now;
    alert.facts = {{"why", why}};
    (void)world_.raise(alert);
}

void Participant::rules_held(std::vector<Rule> changes, std::int64_t after_seq, std::int64_t up_to_seq) {
    if (after_seq < 0) {  // another store of the hub: its ids mean other actions
        const std::lock_guard lock(mutex_);
        ordered_.clear();
    }
    world_.rules.offer({after_seq, up_to_seq, std::move(changes)});
    nudges_.reconciler();
}

void Participant::own_settled(const std::vector<store::OwnDecision>& settled) {
    enforce::RuleDelivery delivery;
    for (const auto& one : settled)
        delivery.own.push_back({one.network, std::nullopt, enforce::OwnBlock::News::settled});
    world_.rules.offer(std::move(delivery));
    nudges_.reconciler();
}

void Participant::actions_ordered(const std::vector<hub_link::ActionTicket>& tickets, Time written) {
    std::vector<enforce::DueAction> due;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& ticket : tickets)
            if (ordered_.insert(ticket.id).second)
                due.push_back({ticket.id, ticket.order, written + ticket.lasts});
        while (ordered_.size() > 1000)
            ordered_.erase(ordered_.begin());  // ids grow: the oldest have their results
    }
    if (due.empty()) return;
    world_.actions.offer(due);
    nudges_.action_runner();
}

void Participant::report(const enforce::RuleReport& report) {
    {
        const std::lock_guard lock(mutex_);
        enforcement_trouble_ = report.trouble;
        if (report.trouble.empty()) {
            pending_.in_force_seq = report.up_to_seq;
            pending_.failed = report.failed;
        }
        pending_.connections_cut += report.connections_cut;
    }
    nudges_.reporter();
}

}  // namespace garita::programs
