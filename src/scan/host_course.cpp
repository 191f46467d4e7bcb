#include "scan/host_course.hpp"

#include <algorithm>

namespace garita::scan {
namespace {

constexpr std::size_t fewest_of_many = 3;

std::string joined(const std::vector<IpAddress>& addresses) {
    constexpr std::size_t most_shown = 16;
    std::string text;
    for (std::size_t i = 0; i < std::min(addresses.size(), most_shown); ++i)
        text += (i > 0 ? "," : "") + addresses[i].text();
    return addresses.size() > most_shown ? text + ",…" : text;
}

void note(std::vector<PortEvent>& events, const HostPorts& row, std::string what, Time now) {
    events.push_back({row.host, now, std::move(what)});
}

/// Soon again, then ever later: an outage is short as a rule.
Duration until_next_try(int tries, const WatchOptions& options) {
    Duration wait = options.confirm_after;
    for (int i = 1; i < tries && wait < options.interval; ++i)
        wait *= 2;
    return std::min(wait, options.interval);
}

void stays_unknown(HostPorts& row, std::string why, const WatchOptions& options, Time now,
                   std::vector<PortEvent>& events) {
    ++row.unknown_scans;
    if (!row.unknown_since) {
        row.unknown_since = now;
        note(events, row, "unknown: " + why, now);
    }
    row.why = std::move(why);
    row.next_at = now + until_next_try(row.unknown_scans, options);
}

void is_known(HostPorts& row, Time now, std::vector<PortEvent>& events) {
    if (row.unknown_scans == 0) return;
    row.unknown_scans = 0;
    row.unknown_since.reset();
    row.why.clear();
    note(events, row, "known again", now);
}

/// With what answers instead of what is expected.
std::string words_of(const PortDifference& drift, const HostPorts& row) {
    auto words = drift.words();
    for (const auto& [port, found] : drift.services) {
        const auto seen = row.services.find(port);
        words += "; " + std::to_string(port) + ": " + (seen == row.services.end() ? found : seen->second);
    }
    return words;
}

void set_drift(HostPorts& row, PortDifference drift, const Observation& found, Time now,
               std::vector<PortEvent>& events) {
    if (drift == row.drift) return;
    if (row.drift.empty()) {
        row.since = now;
        note(events, row, "drift began: " + words_of(drift, row), now);
    } else if (drift.empty()) {
        row.since.reset();
        note(events, row, "as specified again", now);
    } else {
        note(events, row, "drift changed: " + words_of(drift, row), now);
    }
    row.where = drift.empty() ? std::string() : found.where;
    row.drift = std::move(drift);
}

/// What answers where nobody was asked, or did not tell, is as it was known last.
void take_services(HostPorts& row, const Look& look, const Observation& found) {
    for (const auto port : look.asked.services.ports())
        if (!found.open.contains(port)) row.services.erase(port);
    for (const auto& [port, seen] : found.services)
        row.services.insert_or_assign(port, seen);
    std::erase_if(row.services, [&](const auto& one) { return !look.wanted.services.contains(one.first); });
}

std::string why_of(const Observation& found) {
    if (!found.why.empty()) return found.why;
    return found.answer == HostAnswer::silent ? "not one answer, as of many others" : "nobody could tell";
}

}  // namespace

std::size_t many_of(std::size_t all) {
    return std::max(fewest_of_many, all / 5);
}

Time next_look(const std::string& host, const WatchOptions& options, Time now) {
    constexpr std::size_t steps = 1000;
    const auto mixed = std::hash<std::string>{}(host + std::to_string(to_micros(now)));
    const auto share = static_cast<std::int64_t>(mixed % steps);
    return now + options.interval * 9 / 10 + options.interval / 5 * share / static_cast<std::int64_t>(steps);
}

bool tells_nothing(const Look& look, const Observation& found, Silence silence) {
    switch (found.answer) {
        case HostAnswer::unresolved:
        case HostAnswer::unreachable:
            return true;
        case HostAnswer::silent:
            return silence == Silence::of_many && !look.wanted.must.empty();
        case HostAnswer::none:
        case HostAnswer::heard:
            return false;
    }
    return false;
}

bool is_nobody(const Look& look, const HostPorts& row, const Observation& found) {
    return !look.subject->network.empty() && found.answer != HostAnswer::heard &&
           row.answer == HostAnswer::none;
}

void take_in(HostPorts& row, const Look& look, const Observation& found, Silence silence,
             const WatchOptions& options, Time now, std::vector<PortEvent>& events) {
    if (is_nobody(look, row, found)) return;
    row.scanned_at = now;
    row.answer = found.answer;
    row.next_at = next_look(row.host, options, now);
    if (tells_nothing(look, found, silence)) return stays_unknown(row, why_of(found), options, now, events);
    row.addresses = joined(found.addresses);
    take_services(row, look, found);
    if (look.kind == Look::Kind::second && row.suspected) {
        const auto looked_at = between(row.drift, *row.suspected);
        row.open = (row.open - look.asked.tcp) | (found.open & look.asked.tcp);
        row.open_udp = (row.open_udp - look.asked.udp) | (found.open_udp & look.asked.udp);
        row.suspected.reset();
        set_drift(row, confirmed(row.drift, looked_at, found), found, now, events);
    } else {
        row.open = found.open;
        row.open_udp = found.open_udp;
        auto now_seen = seen(row.drift, found);
        if (now_seen == row.drift) {
            row.suspected.reset();
        } else {
            row.suspected = std::move(now_seen);
            row.next_at = now + options.confirm_after;
        }
    }
    if (found.unsure.empty()) return is_known(row, now, events);
    const auto next = row.suspected ? row.next_at : next_look(row.host, options, now);
    stays_unknown(row, why_of(found), options, now, events);
    row.next_at = std::min(row.next_at, next);
}

bool in_maintenance(const WantedPorts& wanted, const WatchOptions& options, Time now) {
    if (wanted.maintenance.empty()) return false;
    const auto utc = [](Time at) {
        // the first day of all was a Thursday
        const auto minutes = std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count();
        const auto week = static_cast<std::int64_t>(minutes_of_week);
        return static_cast<unsigned>((((minutes + 3 * 24 * 60) % week) + week) % week);
    };
    const unsigned minute = options.minute_of_week ? options.minute_of_week(now) : utc(now);
    return std::any_of(wanted.maintenance.begin(), wanted.maintenance.end(),
                       [&](const WeeklyWindow& window) { return window.contains(minute); });
}

}  // namespace garita::scan
