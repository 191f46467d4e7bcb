// One round of the watch: looking, judging, writing down, telling.

#include <algorithm>
#include <iterator>

#include "scan/watch.hpp"

namespace garita::scan {
namespace {

constexpr std::size_t names_in_a_sample = 20;

/// Silent, and not known to be so.
bool is_newly_silent(const HostPorts* row, HostAnswer answer, const WantedPorts& wanted) {
    if (answer != HostAnswer::silent && answer != HostAnswer::unreachable) return false;
    if (wanted.must.empty()) return false;
    return row == nullptr || !(wanted.must - row->drift.missing).empty();
}

bool is_about_names(const HostPorts& row) {
    return row.answer == HostAnswer::unresolved;
}

/// The host was looked at a short time ago.
bool is_recent(const HostPorts* row, const WatchOptions& options, Time now) {
    return row != nullptr && row->scanned_at && now - *row->scanned_at <= 4 * options.confirm_after;
}

/// How many of all are so.
struct Share {
    std::size_t all = 0;
    std::size_t so = 0;
    std::size_t all_lately = 0;
    std::size_t so_lately = 0;

    void add(bool is_so, bool lately) {
        ++all;
        if (is_so) ++so;
        if (lately) ++all_lately;
        if (is_so && lately) ++so_lately;
    }
    [[nodiscard]] bool is_large() const {
        return so >= many_of(all) || (so_lately >= many_of(0) && so_lately * 2 > all_lately);
    }
};

/// What is unknown of many hosts for the same reason.
struct Common {
    Share share;
    int looks = 0;
    std::string why;
    std::optional<Time> since;

    void add(const HostPorts& row) {
        looks = std::max(looks, row.unknown_scans);
        if (why.empty()) why = row.why;
        if (!since || (row.unknown_since && *row.unknown_since < *since)) since = row.unknown_since;
    }
};

/// Why hosts are unknown.
struct Causes {
    Common names;
    Common network;
    std::map<std::string, Common> agents;

    void add(const Subject& subject, const HostPorts* row, bool lately) {
        const bool unknown = row != nullptr && row->unknown_scans > 0;
        if (const auto& from = subject.wanted->from; !from.empty()) {
            const bool unseen = unknown && is_about_agent(*subject.wanted, row->answer, row->why);
            auto& agent = agents[from];
            agent.share.add(unseen, lately);
            if (unseen) return agent.add(*row);
        }
        const bool of_names = unknown && is_about_names(*row);
        if (!subject.address) names.share.add(of_names, lately);
        network.share.add(unknown && !of_names, lately);
        if (unknown) (of_names ? names : network).add(*row);
    }
};

}  // namespace

/// Whether names in general cannot be resolved: many of those just asked fail, or most of a sample.
bool PortWatch::names_fail(const std::vector<Look>& looks, const std::vector<Observation>& found) {
    std::size_t asked = 0;
    std::size_t failed = 0;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (looks[i].subject->address || !looks[i].wanted.from.empty()) continue;
        ++asked;
        if (found[i].answer == HostAnswer::unresolved) ++failed;
    }
    if (failed == 0) return asked == 0 && names_are_out_;
    std::vector<std::string> sample;
    std::size_t names = 0;
    for (const auto& subject : specification_.subjects()) {
        if (subject.address || !subject.wanted->from.empty()) continue;
        ++names;
        if (sample.size() < names_in_a_sample) sample.push_back(subject.host);
    }
    if (failed >= many_of(names)) return true;
    if (names < many_of(names)) return false;
    const auto answers = ground_.eyes.names.resolve(sample);
    const auto bad = std::count_if(answers.begin(), answers.end(),
                                   [](const NameResolver::Answer& answer) { return !answer; });
    return static_cast<std::size_t>(bad) * 2 > answers.size();
}

/// How many have fallen silent: at least so many of all at once, or most of those looked at lately.
Silence PortWatch::silence_of(const std::vector<Look>& looks, const std::vector<Observation>& found,
                              Time now) const {
    std::unordered_map<std::string_view, HostAnswer> fresh;
    for (std::size_t i = 0; i < looks.size(); ++i)
        fresh.emplace(looks[i].subject->host, is_about_agent(looks[i].wanted, found[i].answer, found[i].why)
                                                  ? HostAnswer::none
                                                  : found[i].answer);
    Share silent;
    for (const auto& subject : specification_.subjects()) {
        const auto* row = find_row(subject.host);
        if (row == nullptr && !subject.network.empty()) continue;
        const auto seen = fresh.find(subject.host);
        const auto answer = seen != fresh.end() ? seen->second
                            : row != nullptr    ? row->answer
                                                : HostAnswer::none;
        const bool lately = seen != fresh.end() || is_recent(row, options_, now);
        silent.add(is_newly_silent(row, answer, effective(subject, row)), lately);
    }
    return silent.is_large() ? Silence::of_many : Silence::of_some;
}

Result<void> PortWatch::look_round(const SideRound::Looks& round, Time now) {
    const auto found =
        look_at(round.looks, ground_.eyes, options_.limits, stop_.get_token(), ground_.warn, now);
    if (!found) return tl::unexpected(found.error());
    return conclude(round, *found, now);
}

Result<void> PortWatch::conclude(const SideRound::Looks& round, const std::vector<Observation>& found,
                                 Time now) {
    const auto& looks = round.looks;
    names_are_out_ = names_fail(looks, found);
    const auto silence = silence_of(looks, found, now);
    bool others_shall_be_asked = false;
    std::vector<Change> changes;
    std::vector<PortEvent> events;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        auto row = row_of(looks[i].subject->host);
        const auto& one = found[i];
        if (is_nobody(looks[i], row, one)) continue;
        others_shall_be_asked =
            others_shall_be_asked ||
            (!is_about_agent(looks[i].wanted, one.answer, one.why) &&
             is_newly_silent(&row, one.answer, looks[i].wanted) && row.unknown_scans == 0 && !row.suspected);
        take_in(row, looks[i], one, silence, options_, now, events);
        changes.push_back({std::move(row), looks[i].wanted});
    }
    for (const auto& network : round.networks) {
        auto row = row_of(network);
        row.scanned_at = now;
        row.next_at = next_look(network, options_, now);
        changes.push_back({std::move(row), {}});
    }
    if (others_shall_be_asked) ask_others(changes, now);
    return write(std::move(changes), std::move(events), now);
}

/// Whether it is this host or all of them, some others can tell.
void PortWatch::ask_others(std::vector<Change>& changes, Time now) const {
    std::set<std::string_view> looked_at;
    for (const auto& change : changes)
        looked_at.insert(change.row.host);
    std::vector<Change> more;
    for (const auto& subject : specification_.subjects()) {
        if (more.size() >= names_in_a_sample) break;
        const auto* row = find_row(subject.host);
        if (row == nullptr || !subject.network.empty() || looked_at.contains(subject.host)) continue;
        if (row->suspected || row->unknown_scans > 0 || is_recent(row, options_, now)) continue;
        more.push_back({*row, effective(subject, row)});
        more.back().row.next_at = now;
    }
    std::move(more.begin(), more.end(), std::back_inserter(changes));
}

/// Mutes that are over.
Result<void> PortWatch::tell_again(Time now) {
    std::vector<Change> changes;
    for (const auto& [host, row] : rows_) {
        if (!row.muted_until || *row.muted_until > now) continue;
        const auto* subject = specification_.find(host);
        if (subject != nullptr) changes.push_back({row, effective(*subject, &row)});
    }
    if (changes.empty()) return {};
    return write(std::move(changes), {}, now);
}

/// What many hosts have in common is one case.
void PortWatch::tell_common(store::Transaction& transaction, std::map<std::string, Change>& changes,
                            Time now) {
    Causes causes;
    for (const auto& subject : specification_.subjects()) {
        const auto changed = changes.find(subject.host);
        const auto* row = changed != changes.end() ? &changed->second.row : find_row(subject.host);
        if (row == nullptr && !subject.network.empty()) continue;
        causes.add(subject, row, is_recent(row, options_, now));
    }
    const auto& [names, network, agents] = causes;
    const bool many_names = names_are_out_ || names.share.is_large();
    const bool many_hosts = network.share.is_large();
    const auto tell = [&](std::string_view what, const Common& common, bool many) {
        auto row = row_of(std::string(what));
        const auto before = row;
        row.unknown_scans = many ? common.looks : 0;
        row.why = common.why;
        row.unknown_since = common.since;
        const auto trouble = many && common.looks >= options_.unknown_after ? Trouble::untold : Trouble::none;
        tell_unknown(transaction, row, trouble, {{"hosts", std::to_string(common.share.so)}}, now);
        if (row != before) changes[row.host] = {row, {}};
    };
    for (auto& [host, change] : changes) {
        auto& row = change.row;
        const auto* const subject = specification_.find(host);
        if (subject == nullptr) continue;
        const bool common = is_about_agent(*subject->wanted, row.answer, row.why) ||
                            (is_about_names(row) ? many_names : many_hosts);
        const bool told = row.unknown_scans >= options_.unknown_after && !common;
        tell_unknown(transaction, row, told ? Trouble::untold : Trouble::none, {}, now);
    }
    tell(all_names, names, many_names);
    tell(all_network, network, many_hosts);
    for (const auto& [agent, common] : agents)
        tell(all_of_agent(agent), common, common.share.so > 0);
}

Result<void> PortWatch::write(std::vector<Change> changes, std::vector<PortEvent> events, Time now) {
    std::map<std::string, Change> after;
    const auto written = ground_.store.write([&](store::Transaction& transaction) -> Result<void> {
        after.clear();  // the store may call again
        for (const auto& change : changes)
            after.insert_or_assign(change.row.host, change);
        for (auto& [host, change] : after)
            if (specification_.find(host) != nullptr) tell_drift(transaction, change.row, change.wanted, now);
        tell_common(transaction, after, now);
        for (const auto& [host, change] : after)
            ground_.book.put(transaction, change.row);
        for (const auto& event : events)
            ground_.book.add(transaction, event);
        return {};
    });
    if (!written) return written;
    for (auto& [host, change] : after)
        rows_.insert_or_assign(host, std::move(change.row));
    return {};
}

}  // namespace garita::scan
