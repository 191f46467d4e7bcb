// When the watch looks at what.

#include <algorithm>
#include <utility>

#include "scan/watch.hpp"

namespace garita::scan {
namespace {

constexpr Duration look_again = std::chrono::seconds{10};
/// Of one round, at least one entry: so that answers and stops do not wait for long.
constexpr std::size_t most_probes = 8'000'000;

std::size_t probes_of(const Look& look) {
    return look.asked.tcp.size() + look.asked.udp.size();
}

/// What is due so soon is looked at together.
Time horizon_of(const WatchOptions& options, Time now) {
    return now + std::min<Duration>(options.interval / 20, std::chrono::seconds{10});
}

}  // namespace

HostPorts PortWatch::row_of(const std::string& host) const {
    if (const auto* row = find_row(host)) return *row;
    HostPorts row;
    row.host = host;
    return row;
}

const HostPorts* PortWatch::find_row(const std::string& host) const {
    const auto found = rows_.find(host);
    return found == rows_.end() ? nullptr : &found->second;
}

Look PortWatch::make_look(const Subject& subject, Look::Kind kind) const {
    const auto* row = find_row(subject.host);
    Look look{&subject, effective(subject, row), {}, kind};
    if (kind == Look::Kind::second)
        look.asked = ports_of(between(row->drift, *row->suspected));
    else
        look.asked = {look.wanted.scan, look.wanted.udp_scan(), look.wanted.service_ports()};
    return look;
}

void PortWatch::add_looks(std::vector<Look>& looks, const Entry& entry, Time horizon, bool asked_for,
                          std::set<std::string>& networks) const {
    const auto is_due = [&](const HostPorts* row) {
        // a time too far away was meant by a clock that has been set back
        return row == nullptr || row->next_at <= horizon || row->next_at > horizon + 2 * options_.interval;
    };
    const auto& first = specification_.subjects().at(entry.first);
    const bool is_network = !first.network.empty();
    const bool whole = asked_for || is_due(find_row(entry.name));
    if (is_network && whole) networks.insert(entry.name);
    for (std::size_t i = entry.first; i < entry.first + entry.count; ++i) {
        const auto& subject = specification_.subjects()[i];
        const auto* row = find_row(subject.host);
        const bool suspected = row != nullptr && row->suspected;
        if (suspected && !asked_for) {
            if (is_due(row)) looks.push_back(make_look(subject, Look::Kind::second));
        } else if (whole) {
            looks.push_back(make_look(subject, Look::Kind::whole));
        }
    }
}

bool PortWatch::is_asked_for(const Entry& entry, const std::set<std::string>& asked_for) const {
    if (asked_for.empty()) return false;
    if (asked_for.contains("") || asked_for.contains(entry.name)) return true;
    return std::any_of(asked_for.begin(), asked_for.end(), [&](const std::string& host) {
        const auto* subject = specification_.find(host);
        return subject != nullptr && subject->network == entry.name;
    });
}

std::set<std::string> PortWatch::take_asked_for() {
    const std::lock_guard lock(mutex_);
    under_way_ = std::exchange(asked_for_, {});
    return under_way_;
}

/// It has ports of UDP to be looked at, and others are under way.
bool PortWatch::waits_for_side(const Subject& subject, const HostPorts* row) const {
    if (!side_ || !side_->is_under_way()) return false;
    if (row != nullptr && row->suspected) return !ports_of(between(row->drift, *row->suspected)).udp.empty();
    return !subject.wanted->udp_scan().empty();
}

/// Those with ports of UDP go aside, or wait until what is there is over. Returns how many ports are asked.
std::size_t PortWatch::sort_in(Due& all, SideRound::Looks looks, bool asked_for, const Entry& entry) {
    std::size_t probes = 0;
    const auto place_of = [&](bool has_udp) -> SideRound::Looks* {
        if (!side_ || !has_udp) return &all.now;
        return side_->is_under_way() ? nullptr : &all.aside;
    };
    bool some_wait = false;
    for (auto& look : looks.looks) {
        auto* const place = place_of(!look.asked.udp.empty());
        some_wait = some_wait || place == nullptr;
        if (place == nullptr) continue;
        probes += probes_of(look);
        place->looks.push_back(std::move(look));
    }
    if (!looks.networks.empty()) {
        const auto& wanted = *specification_.subjects()[entry.first].wanted;
        if (auto* const place = place_of(!wanted.udp_scan().empty())) place->networks.merge(looks.networks);
    }
    if (some_wait && asked_for) {
        const std::lock_guard lock(mutex_);
        asked_for_.insert(entry.name);
    }
    return probes;
}

PortWatch::Due PortWatch::due(Time now) {
    const auto asked_for = take_asked_for();
    const bool some_are_due = until_next(now) <= Duration::zero();
    const Time horizon = some_are_due ? horizon_of(options_, now) : now;
    Due all;
    std::size_t probes = 0;
    for (const auto& entry : specification_.entries()) {
        if (entry.count == 0) continue;
        const bool asked = is_asked_for(entry, asked_for);
        if (probes >= most_probes) {
            const std::lock_guard lock(mutex_);
            if (asked) asked_for_.insert(entry.name);  // in the next round
            continue;
        }
        const auto& first = specification_.subjects()[entry.first];
        if (!asked && in_maintenance(*first.wanted, options_, now)) continue;
        SideRound::Looks here;
        add_looks(here.looks, entry, horizon, asked, here.networks);
        probes += sort_in(all, std::move(here), asked, entry);
    }
    return all;
}

Duration PortWatch::until_next(Time now) const {
    Time next = now + look_again;
    const auto consider = [&](const Subject& subject, const HostPorts* row) {
        if (waits_for_side(subject, row)) return;
        const bool at_once = row == nullptr || row->next_at > now + 2 * options_.interval;
        next = std::min(next, at_once ? now : row->next_at);
    };
    for (const auto& entry : specification_.entries()) {
        if (entry.count == 0) continue;
        const auto& first = specification_.subjects()[entry.first];
        if (in_maintenance(*first.wanted, options_, now)) continue;
        consider(first, find_row(entry.name));
        if (first.network.empty()) continue;
        for (std::size_t i = entry.first; i < entry.first + entry.count; ++i) {
            const auto& subject = specification_.subjects()[i];
            const auto* row = find_row(subject.host);
            if (row != nullptr && row->suspected) consider(subject, row);
        }
    }
    return std::max(next - now, Duration::zero());
}

}  // namespace garita::scan
