#include "scan/port_cases.hpp"

#include <chrono>

namespace garita::scan {
namespace {

const Actor watch{Actor::Kind::system, "port watch", {}, Role::administrator};

std::string object_of(const Case& about) {
    return "case " + std::to_string(about.id.value);
}

std::string time_text(Time at) {
    return to_iso8601(std::chrono::floor<std::chrono::seconds>(at));
}

void add_if(Facts& facts, std::string name, std::string value) {
    if (!value.empty()) facts.emplace(std::move(name), std::move(value));
}

/// "443: certificate CN=…; 22: banner SSH-2.0-dropbear", and what should be there.
void add_services(Facts& facts, const HostPorts& row, const WantedPorts& wanted) {
    std::string found;
    std::string expected;
    const auto add = [](std::string& text, Port port, const std::string& words) {
        text += (text.empty() ? "" : "; ") + std::to_string(port) + ": " + words;
    };
    for (const auto& [port, kept] : row.drift.services) {
        const auto seen = row.services.find(port);
        add(found, port, seen == row.services.end() ? kept : seen->second);
        if (const auto meant = wanted.services.find(port); meant != wanted.services.end())
            add(expected, port, meant->second.words());
    }
    add_if(facts, "found", std::move(found));
    add_if(facts, "expected", std::move(expected));
}

Facts facts_of(const HostPorts& row, const WantedPorts& wanted) {
    Facts facts{{"change", row.drift.words()}};
    add_if(facts, "missing", PortDifference::joined(row.drift.missing, row.drift.missing_udp));
    add_if(facts, "unexpected", PortDifference::joined(row.drift.unexpected, row.drift.unexpected_udp));
    add_if(facts, "specified", PortDifference::joined(wanted.must, wanted.udp_must));
    add_services(facts, row, wanted);
    if (row.addresses != row.host) add_if(facts, "addresses", row.addresses);
    add_if(facts, "where", row.where);
    if (row.since) facts.emplace("since", time_text(*row.since));
    return facts;
}

Severity severity_of(const PortDifference& drift) {
    const bool open = !drift.unexpected.empty() || !drift.unexpected_udp.empty();
    return open ? Severity::critical : Severity::warning;
}

void raise(store::Transaction& transaction, const HostPorts& row, std::string_view kind, Severity severity,
           Facts facts, Time now) {
    Alert alert;
    alert.uid = std::string(kind) + "-" + row.host + "-" + std::to_string(to_micros(now));
    alert.device = looking_device;
    alert.kind = kind;
    alert.subject = row.host;
    alert.severity = severity;
    alert.at = now;
    alert.facts = std::move(facts);
    (void)transaction.add_alert(alert);
    transaction.ring({store::Topic::alerts, {}});
}

/// False: no case is open that could be brought up to date.
bool update_open(store::Transaction& transaction, const HostPorts& row, Facts facts, Time now) {
    auto open = transaction.open_case_about(looking_device, drift_kind, row.host);
    if (!open) return false;
    open->facts = std::move(facts);
    open->severity = std::max(open->severity, severity_of(row.drift));
    open->updated_at = open->last_alert_at = now;
    (void)transaction.update_case(*open);  // nobody else writes in this transaction
    transaction.ring({store::Topic::cases, {}});
    return true;
}

/// Whether a case is answered already or not: it shows that it is over, once.
void end(store::Transaction& transaction, std::string_view host, std::string_view kind,
         const std::string& why, Time now) {
    auto about = transaction.last_case_about(looking_device, kind, host);
    if (!about || about->facts.contains("over")) return;
    const bool was_open = about->state == CaseState::open;
    add_fact(transaction, *about, "over", time_text(now), now);
    if (was_open) {
        Decision decision;
        decision.case_id = about->id;
        decision.response = Response::nothing;
        decision.by = watch;
        decision.at = now;
        decision.lasts = Duration::zero();
        decision.comment = why;
        if (!transaction.decide(decision, CaseState::closed, now)) return;
    }
    (void)transaction.add_audit(
        {0, now, watch, was_open ? "case_closed" : "case_over", object_of(*about), why});
}

}  // namespace

void add_fact(store::Transaction& transaction, Case about, std::string name, std::string value, Time now) {
    about.facts[std::move(name)] = std::move(value);
    about.updated_at = now;
    (void)transaction.update_case(about);
    transaction.ring({store::Topic::cases, {}});
}

void tell_drift(store::Transaction& transaction, HostPorts& row, const WantedPorts& wanted, Time now) {
    if (row.muted_until && *row.muted_until <= now) {
        row.muted_until.reset();
        row.told.reset();  // what still is so is told anew
        row.told_unknown = false;
    }
    if (row.drift.empty()) {
        if (row.told) end(transaction, row.host, drift_kind, "over: the ports are as specified", now);
        row.told.reset();
        return;
    }
    if (row.muted_until || row.told == row.drift) return;
    auto facts = facts_of(row, wanted);
    if (!row.told || !update_open(transaction, row, facts, now))
        raise(transaction, row, drift_kind, severity_of(row.drift), std::move(facts), now);
    row.told = row.drift;
}

void tell_unknown(store::Transaction& transaction, HostPorts& row, Trouble trouble, const Facts& more,
                  Time now) {
    if (row.unknown_scans == 0) {
        if (row.told_unknown)
            end(transaction, row.host, unknown_kind, "over: the ports are known again", now);
        row.told_unknown = false;
        return;
    }
    const bool is_muted = row.muted_until && now < *row.muted_until;
    if (trouble == Trouble::none || row.told_unknown || is_muted) return;
    Facts facts{{"why", row.why}};
    if (row.unknown_since) facts.emplace("since", time_text(*row.unknown_since));
    facts.insert(more.begin(), more.end());
    raise(transaction, row, unknown_kind, Severity::warning, std::move(facts), now);
    row.told_unknown = true;
}

void forget(store::Transaction& transaction, store::PortBook& book, const HostPorts& row, Time now) {
    const std::string why = "over: the host is not specified any more";
    if (row.told) end(transaction, row.host, drift_kind, why, now);
    if (row.told_unknown) end(transaction, row.host, unknown_kind, why, now);
    book.remove(transaction, row.host);
}

std::optional<Case> answered_case(store::View& view, const HostPorts& row, std::string_view kind) {
    const bool of_drift = kind == drift_kind;
    if (of_drift ? !row.told.has_value() : !row.told_unknown) return std::nullopt;
    auto last = view.last_case_about(looking_device, kind, row.host);
    if (!last || !last->decision || last->id == (of_drift ? row.applied : row.applied_unknown))
        return std::nullopt;
    return last;
}

}  // namespace garita::scan
