#include "incidents/incident_watch.hpp"

#include <algorithm>
#include <charconv>

#include "incidents/page_progress.hpp"

namespace garita::incidents {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t page_size = 1000;  ///< the most that MaxPatrol gives
constexpr std::size_t most_pages = 10'000;
constexpr std::size_t most_known = 200'000;
constexpr std::size_t most_incomplete = 100'000;
constexpr std::size_t most_ended_at_once = 500;
constexpr std::size_t open_in_page = 500;
constexpr Duration short_look_back = 60s;
constexpr Duration between_long_looks = 60s;
constexpr Duration between_failures = 30s;  ///< of asking for events
/// Asking for the events of many new incidents must not hold back the news that there are some.
constexpr auto time_for_events = 400ms;

std::string place_key(const std::string& source) {
    return "incidents.place." + source;
}

std::string start_key(const std::string& source) {
    return "incidents.start." + source;
}

std::optional<Time> kept_time(store::View& view, const std::string& key) {
    std::int64_t us = 0;
    const auto kept = view.value(key).value_or("");
    const auto parsed = std::from_chars(kept.data(), kept.data() + kept.size(), us);
    return parsed.ec == std::errc{} ? std::optional(from_micros(us)) : std::nullopt;
}

}  // namespace

IncidentWatch::IncidentWatch(IncidentSource& siem, store::Store& store, WatchOptions options,
                             SteadyClock clock)
    : siem_(siem),
      store_(store),
      options_(std::move(options)),
      clock_(std::move(clock)),
      name_(options_.source + " poll"),
      known_(most_known) {}

Result<void> IncidentWatch::open(Time now) {
    if (opened_) return {};
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        const auto start = kept_time(transaction, start_key(options_.source));
        start_ = start.value_or(options_.begin.value_or(now - options_.first_look));
        place_ = kept_time(transaction, place_key(options_.source)).value_or(start_);
        if (!start) transaction.set_value(start_key(options_.source), std::to_string(to_micros(start_)));
        over_.clear();
        find_what_is_over(transaction);
        return {};
    });
    if (!written) return written;
    changes_from_ = place_;
    opened_ = true;
    return {};
}

void IncidentWatch::find_what_is_over(store::View& view) {
    store::CaseQuery open_ones;
    open_ones.states = {CaseState::open};
    open_ones.device = options_.source;
    open_ones.limit = open_in_page;
    for (std::size_t found = open_in_page; found == open_in_page;) {
        const auto page = view.cases(open_ones);
        found = page.size();
        for (const auto& about : page) {
            open_ones.before = about.id;
            const auto status = about.facts.find(incident_status_fact);
            if (status != about.facts.end() && is_over(status->second)) over_.push_back(about.subject);
        }
    }
}

Result<Duration> IncidentWatch::step(Time now) {
    if (auto opened = open(now); !opened) return tl::unexpected(std::move(opened.error()));
    const bool far = now < looked_back_ || now - looked_back_ >= between_long_looks;
    back_ = far ? std::max<Duration>(options_.look_back, short_look_back) : short_look_back;
    if (auto looked = look_for_new(now); !looked) return tl::unexpected(std::move(looked.error()));
    if (auto looked = look_for_changes(now); !looked) return tl::unexpected(std::move(looked.error()));
    if (far) looked_back_ = now;
    if (auto completed = complete_some(now); !completed) return tl::unexpected(std::move(completed.error()));
    if (auto ended = end_what_is_over(now); !ended) return tl::unexpected(std::move(ended.error()));
    return Duration(options_.interval);
}

tl::unexpected<Error> IncidentWatch::same_page(std::size_t offset, std::int64_t total) const {
    return fail(ErrorCode::unavailable,
                options_.source + " gives the same incidents again where those after the first " +
                    std::to_string(offset) + " of " + std::to_string(total) +
                    " were asked for: the rest cannot be read; look whether something on the way changes or "
                    "keeps answers of /api/v2/incidents",
                Retry::later);
}

Result<void> IncidentWatch::look_for_new(Time now) {
    const Window window{Window::By::creation, std::max(start_, place_ - back_)};
    Time newest = place_;
    PageProgress progress;
    std::size_t offset = 0;
    for (std::size_t pages = 0; pages < most_pages; ++pages) {
        auto page = siem_.list(window, offset, page_size);
        if (!page) return tl::unexpected(std::move(page.error()));
        offset += page->read;
        if (auto taken = take_page(*page, newest, now); !taken)
            return tl::unexpected(std::move(taken.error()));
        const auto next = progress.take(*page, page_size);
        if (next == PageProgress::Next::end) break;
        if (next == PageProgress::Next::same) return same_page(progress.read(), page->total);
    }
    return keep_place(newest, now);
}

Result<std::size_t> IncidentWatch::take_page(const Page& page, Time& newest, Time now) {
    std::vector<const Incident*> unknown;
    for (const auto& incident : page.incidents) {
        newest = std::max(newest, incident.created);
        // asked for are whole seconds: what somebody told up to a moment within one is not told again
        if (incident.created != Time{} && incident.created < start_) continue;
        if (!known_.has(incident.id)) unknown.push_back(&incident);
    }
    if (unknown.empty()) return page.read;
    // those that the store has are not described again
    std::vector<const Incident*> fresh;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        fresh.clear();
        for (const auto* incident : unknown)
            if (!view.last_case_about(options_.source, incident_kind, incident->id))
                fresh.push_back(incident);
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    const auto described = describe(fresh);
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        bool some = false;
        for (const auto& one : described)
            some = raise(transaction, options_.source, one.incident, one.facts, now) || some;
        if (some) transaction.ring({store::Topic::alerts, {}});
        return {};
    });
    if (!written) return tl::unexpected(std::move(written.error()));
    for (const auto& one : described) {
        known_.note(one.incident.id, one.incident.status);
        if (is_over(one.incident.status) && over_.size() < most_incomplete) over_.push_back(one.incident.id);
        if (!one.complete && incomplete_.size() < most_incomplete) incomplete_.push_back(one.incident.id);
    }
    return page.read;
}

std::vector<IncidentWatch::Fresh> IncidentWatch::describe(const std::vector<const Incident*>& incidents) {
    std::vector<Fresh> all;
    all.reserve(incidents.size());
    const auto begun = clock_();
    bool in_time = options_.max_events > 0;
    for (const auto* incident : incidents) {
        std::optional<IncidentEvents> events;
        if (in_time && clock_() - begun < time_for_events) {
            auto told = siem_.events(incident->id, options_.max_events);
            if (told)
                events = std::move(*told);
            else
                in_time = false;  // whatever it is, the others need not wait for it
        }
        Incident whole = *incident;
        if (whole.severity.empty())  // not every version tells it in a list
            if (auto found = siem_.find(whole.id)) whole.severity = std::move(found->severity);
        const bool complete = events.has_value() || options_.max_events == 0;
        auto facts = facts_of(whole, events, siem_.link(whole.id));
        all.push_back({std::move(whole), std::move(facts), complete});
    }
    return all;
}

Result<void> IncidentWatch::keep_place(Time newest, Time now) {
    // an incident from the future must not make us look past those of today
    newest = std::min(newest, now);
    if (newest <= place_) return {};
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.set_value(place_key(options_.source), std::to_string(to_micros(newest)));
        return {};
    });
    if (written) place_ = newest;
    return written;
}

Result<void> IncidentWatch::look_for_changes(Time now) {
    const Window window{Window::By::modification, changes_from_ - back_};
    PageProgress progress;
    std::size_t offset = 0;
    for (std::size_t pages = 0; pages < most_pages; ++pages) {
        auto page = siem_.list(window, offset, page_size);
        if (!page) return tl::unexpected(std::move(page.error()));
        offset += page->read;
        for (const auto& incident : page->incidents) {
            if (known_.has(incident.id, incident.status)) continue;
            if (auto told = bring_up_to_date(incident, now); !told) return told;
        }
        const auto next = progress.take(*page, page_size);
        if (next == PageProgress::Next::end) break;
        if (next == PageProgress::Next::same) return same_page(progress.read(), page->total);
    }
    changes_from_ = now;
    return {};
}

Result<void> IncidentWatch::bring_up_to_date(const Incident& incident, Time now) {
    bool is_known = false;
    bool is_news = false;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        const auto about = view.last_case_about(options_.source, incident_kind, incident.id);
        is_known = about.has_value();
        if (!is_known) return {};
        const auto status = about->facts.find(incident_status_fact);
        is_news = status == about->facts.end() || status->second != incident.status;
        return {};
    });
    if (!read) return read;
    if (!is_known) return {};  // it came after the look for new ones: the next will find it
    known_.note(incident.id, incident.status);
    if (!is_news) return {};
    News news{incident, std::nullopt, {}, std::nullopt};
    if (const auto history = siem_.history(incident.id); history && !history->empty())
        news.moved_by = history->back().by;
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        (void)update(transaction, options_.source, news, now);
        return {};
    });
}

Result<void> IncidentWatch::complete_some(Time now) {
    if (now < complete_next_ && complete_next_ - now <= between_failures) return {};
    const auto begun = clock_();
    while (!incomplete_.empty() && clock_() - begun < time_for_events) {
        const std::string id = incomplete_.front();
        incomplete_.pop_front();
        auto incident = siem_.find(id);
        if (!incident && incident.error().code == ErrorCode::not_found) continue;
        auto events = incident ? siem_.events(id, options_.max_events)
                               : Result<IncidentEvents>(tl::unexpected(incident.error()));
        if (!events) {  // what cannot be told of one incident holds back no other, and no poll
            incomplete_.push_back(id);
            complete_next_ = now + between_failures;
            return {};
        }
        const News news{std::move(*incident), std::move(*events), {}, std::nullopt};
        auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
            (void)update(transaction, options_.source, news, now);
            return {};
        });
        if (!written) return written;
    }
    return {};
}

Result<void> IncidentWatch::end_what_is_over(Time now) {
    if (over_.empty()) return {};
    const auto looked_at = std::min(over_.size(), most_ended_at_once);
    std::vector<std::string> waiting;
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        waiting.clear();
        for (std::size_t i = 0; i < looked_at; ++i)
            if (!end_when_told(transaction, options_.source, over_[i], now)) waiting.push_back(over_[i]);
        return {};
    });
    if (!written) return written;
    over_.erase(over_.begin(), over_.begin() + static_cast<std::ptrdiff_t>(looked_at));
    over_.insert(over_.end(), waiting.begin(), waiting.end());
    return {};
}

}  // namespace garita::incidents
