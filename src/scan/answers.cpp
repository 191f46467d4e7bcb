#include "scan/answers.hpp"

namespace garita::scan {
namespace {

std::string who(const Case& about) {
    return about.decision->by.text();
}

/// The newer word counts.
PortDifference merged(const PortDifference& before, const PortDifference& more) {
    auto services = more.services;
    services.insert(before.services.begin(), before.services.end());
    return {(before.missing - more.unexpected) | more.missing,
            (before.unexpected - more.missing) | more.unexpected,
            (before.missing_udp - more.unexpected_udp) | more.missing_udp,
            (before.unexpected_udp - more.missing_udp) | more.unexpected_udp, std::move(services)};
}

void take_acceptance(HostPorts& row, const Acceptance& acceptance, const Subject& subject, Time now) {
    if (acceptance.place.empty()) {
        const auto text = subject.wanted->text();
        row.accepted =
            merged(row.accepted_for == text ? row.accepted : PortDifference{}, acceptance.difference);
        row.accepted_for = text;
    } else {
        row.accepted = {};
        row.accepted_for.clear();
    }
    row.drift = {};
    row.since.reset();
    row.where.clear();
    row.suspected.reset();
    row.told.reset();
    row.next_at = now;  // to see that it is so
}

/// What has to be written for it. The error says why a file cannot say it.
Result<SpecificationChange> change_of(const PortDifference& accepted, const WantedPorts& effective) {
    SpecificationChange change;
    const auto after = effective.with(accepted);
    const auto from_groups =
        (accepted.missing & effective.group_must) | (accepted.missing_udp & effective.group_udp_must);
    if (!from_groups.empty())
        return fail(ErrorCode::conflict, "port " + from_groups.text() + " must be open by a group");
    if (after.must != effective.must) change.must = after.must - effective.group_must;
    if (after.udp_must != effective.udp_must) change.udp_must = after.udp_must - effective.group_udp_must;
    for (const auto& [port, found] : accepted.services) {
        if (found.starts_with(found_banner))
            change.banners.emplace(port, found.substr(found_banner.size()));
        else if (found.starts_with(found_certificate))
            change.certificates.emplace(port, found.substr(found_certificate.size()));
        else if (found.starts_with(found_plain))
            return fail(ErrorCode::conflict, "what is expected at a port without TLS has to be written");
        else
            return fail(ErrorCode::conflict, "that a certificate ends is no matter of the specification");
    }
    return change;
}

std::string place_text(const Acceptance& acceptance) {
    if (!acceptance.place.empty()) return acceptance.place;
    return "the hub's store" + (acceptance.why_not.empty() ? std::string() : ": " + acceptance.why_not);
}

}  // namespace

WantedPorts effective(const Subject& subject, const HostPorts* row) {
    if (row == nullptr || row->accepted.empty() || row->accepted_for != subject.wanted->text())
        return *subject.wanted;
    return subject.wanted->with(row->accepted);
}

std::vector<PortAnswer> new_answers(store::View& view, const std::vector<const HostPorts*>& told) {
    std::vector<PortAnswer> answers;
    for (const auto* row : told)
        for (const auto kind : {drift_kind, unknown_kind})
            if (auto about = answered_case(view, *row, kind))
                answers.push_back({std::move(*about), row->host});
    return answers;
}

Acceptance accept(const HostPorts& row, const Subject& subject, const WantedPorts& effective,
                  Neighbours neighbours, SpecificationEditor* editor) {
    Acceptance made{row.host, row.told.value_or(row.drift), {}, {}};
    const auto& change = made.difference;
    if (editor == nullptr) {
        made.why_not = "the specification is in no file";
    } else if (neighbours == Neighbours::otherwise) {
        made.why_not = "the address is written as part of " + subject.network + ", and not all of it is so";
    } else {
        const auto written = change_of(change, effective);
        auto place =
            written ? editor->write(subject, *written) : Result<std::string>(tl::unexpected(written.error()));
        if (place)
            made.place = std::move(*place);
        else
            made.why_not = place.error().text;
    }
    return made;
}

void take_answer(store::Transaction& transaction, HostPorts& row, const PortAnswer& answer,
                 const Acceptance* acceptance, const Subject& subject, const WatchOptions& options, Time now,
                 std::vector<PortEvent>& events) {
    const Case& about = answer.about;
    const Decision& decision = *about.decision;
    const auto note = [&](std::string what) { events.push_back({row.host, now, std::move(what)}); };
    (about.kind == drift_kind ? row.applied : row.applied_unknown) = about.id;
    if (decision.response == Response::mute) {
        row.muted_until = decision.at + decision.lasts.value_or(options.mute_for);
        const auto until = to_iso8601(std::chrono::floor<std::chrono::seconds>(*row.muted_until));
        note("muted until " + until + " by " + who(about));
        add_fact(transaction, about, "muted_until", until, now);
    } else if (decision.response == Response::accept && acceptance != nullptr) {
        const auto place = place_text(*acceptance);
        note("accepted by " + who(about) + " into " + place + ": " + acceptance->difference.words());
        take_acceptance(row, *acceptance, subject, now);
        add_fact(transaction, about, "accepted_into", place, now);
    } else {
        note(std::string(to_text(decision.response)) + " by " + who(about));
    }
}

}  // namespace garita::scan
