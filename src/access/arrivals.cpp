#include "access/arrivals.hpp"

#include <algorithm>

#include "model/foreign_text.hpp"

namespace garita::access {
namespace {

/// Sightings of one step; the rest waits for the next, so that a flood holds nobody up for long.
constexpr std::size_t most_of_step = 512;
/// What changes nothing, in one request's log.
constexpr std::size_t most_tales = 32;
/// Requests that are open at a time are far fewer.
constexpr std::size_t most_told = 10000;
constexpr std::size_t most_hints = 100;
constexpr std::size_t longest_text = 1000;

std::string clean(std::string_view line) {
    Cleaning rules;
    rules.limit = longest_text;
    rules.room_for_mark = 3;
    rules.replace = [](std::string& out, const Character&, std::string_view) { out += ' '; };
    rules.mark = [](std::string& out, std::size_t) { out += "..."; };
    return clean_text(line, rules);
}

std::string place_of(const Arrival& arrival) {
    return arrival.source == Arrival::Source::receiver ? arrival.sender.text() : clean(arrival.host);
}

}  // namespace

bool Arrivals::put(Arrival arrival) {
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() >= longest_queue) {
            ++counts_.dropped;
            return false;
        }
        ++counts_.taken;
        queue_.push_back(std::move(arrival));
    }
    wake_();
    return true;
}

ArrivalCounts Arrivals::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

Result<Duration> Arrivals::step(Time now) {
    std::vector<Arrival> arrivals;
    {
        const std::lock_guard lock(mutex_);
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), most_of_step));
        arrivals.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
    }
    if (const auto filed = file(arrivals, now); !filed) {
        const std::lock_guard lock(mutex_);  // none is lost while the disk is full; the oldest first again
        queue_.insert(queue_.begin(), std::make_move_iterator(arrivals.begin()),
                      std::make_move_iterator(arrivals.end()));
        return tl::unexpected(filed.error());
    }
    const std::lock_guard lock(mutex_);
    return queue_.empty() ? Duration(std::chrono::hours{1}) : Duration::zero();
}

Result<void> Arrivals::file(const std::vector<Arrival>& arrivals, Time now,
                            const store::Store::Writing& also) {
    const auto sightings = read(arrivals);
    if (!also) {
        const auto news = is_news(sightings);
        if (!news) return tl::unexpected(news.error());
        if (!*news) return {};
    }
    std::vector<Tale> told;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        told.clear();
        for (const auto& sighting : sightings)
            if (const auto noted = note(transaction, sighting, now, told); !noted) return noted;
        return also ? also(transaction) : Result<void>{};
    });
    if (written) remember(told);
    return written;
}

std::vector<Arrivals::Sighting> Arrivals::read(const std::vector<Arrival>& arrivals) const {
    std::vector<Sighting> sightings;
    const auto same = [](const Sighting& a, const Sighting& b) {
        return a.from == b.from && a.event.kind == b.event.kind && a.event.mac == b.event.mac &&
               a.event.port == b.event.port && place_of(*a.arrival) == place_of(*b.arrival);
    };
    for (const auto& arrival : arrivals) {
        const auto event = read_port_event(arrival.line);
        if (!event) continue;
        const auto from = arrival.source == Arrival::Source::receiver
                              ? inventory_.by_sender(arrival.sender, *event)
                              : inventory_.by_host(arrival.host, *event);
        if (event->kind == PortEvent::Kind::err_disable && from.empty()) continue;
        const Sighting sighting{&arrival, *event, from};
        // one of a flood stands for all of it
        if (!sightings.empty() && same(sightings.back(), sighting)) continue;
        sightings.push_back(sighting);
    }
    return sightings;
}

std::vector<AccessRequest> Arrivals::meant(store::View& view, const Sighting& sighting) {
    std::vector<AccessRequest> found;
    if (sighting.event.mac) {
        if (auto one = book_.open_request(view, *sighting.event.mac)) found.push_back(*std::move(one));
        return found;
    }
    store::AccessQuery query;
    query.states = {AccessState::confirming, AccessState::waiting};
    query.switch_name = sighting.from;
    query.limit = most_hints;
    found = book_.requests(view, query);
    std::erase_if(found, [port = sighting.event.port.text()](const AccessRequest& request) {
        return request.port != port;
    });
    return found;
}

Arrivals::Effect Arrivals::effect(const AccessRequest& request, const Sighting& sighting) {
    const auto& event = sighting.event;
    if (sighting.from.empty() || event.kind == PortEvent::Kind::err_disable) return Effect::tell;
    if (request.switch_name == sighting.from && request.port == event.port.text()) return Effect::nothing;
    // A bundle or a trunk hears what is plugged in elsewhere; a port that is worked on is left to finish.
    if (!event.port.is_physical() || request.state == AccessState::working) return Effect::tell;
    return Effect::move;
}

std::string Arrivals::key_of(const Sighting& sighting) {
    if (sighting.from.empty()) return "? " + place_of(*sighting.arrival);
    return std::string(sighting.event.kind == PortEvent::Kind::violation ? "v " : "e ") +
           std::string(sighting.from) + ' ' + sighting.event.port.text();
}

bool Arrivals::is_told(AccessId request, const Sighting& sighting) const {
    const std::lock_guard lock(mutex_);
    const auto found = told_.find(request);
    return found != told_.end() &&
           (found->second.size() >= most_tales || found->second.contains(key_of(sighting)));
}

void Arrivals::remember(const std::vector<Tale>& told) {
    const std::lock_guard lock(mutex_);
    if (told_.size() > most_told) told_.clear();
    for (const auto& tale : told) {
        if (tale.key.starts_with('?')) ++counts_.unlisted;
        told_[tale.request].insert(tale.key);
    }
}

/// Looking costs no disk: nearly all that a switch repeats, or that is forged, ends here.
Result<bool> Arrivals::is_news(const std::vector<Sighting>& sightings) {
    bool news = false;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        for (const auto& sighting : sightings)
            for (const auto& request : meant(view, sighting)) {
                const auto what = effect(request, sighting);
                news =
                    news || what == Effect::move || (what == Effect::tell && !is_told(request.id, sighting));
            }
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    return news;
}

Result<void> Arrivals::note(store::Transaction& transaction, const Sighting& sighting, Time now,
                            std::vector<Tale>& told) {
    for (const auto& request : meant(transaction, sighting)) {
        const auto what = effect(request, sighting);
        if (what == Effect::nothing) continue;
        if (what == Effect::tell) {
            tell(transaction, request.id, sighting, now, told);
            continue;
        }
        book_.add_line(transaction, event_line(request.id, sighting, now));
        if (const auto moved = move(transaction, request, sighting, now); !moved) return moved;
    }
    return {};
}

AccessLine Arrivals::event_line(AccessId request, const Sighting& sighting, Time now) {
    const auto& arrival = *sighting.arrival;
    return {0,
            request,
            now,
            AccessLine::Kind::event,
            std::string(sighting.from),
            clean(arrival.source_name) + ", from " + place_of(arrival) + ": " + clean(arrival.line)};
}

void Arrivals::tell(store::Transaction& transaction, AccessId request, const Sighting& sighting, Time now,
                    std::vector<Tale>& told) {
    const Tale tale{request, key_of(sighting)};
    if (is_told(request, sighting) || std::find(told.begin(), told.end(), tale) != told.end()) return;
    told.push_back(tale);
    book_.add_line(transaction, event_line(request, sighting, now));
    std::string note;
    if (sighting.from.empty())
        note = "Ignored: " + place_of(*sighting.arrival) + " is none of the listed switches.";
    else if (sighting.event.kind == PortEvent::Kind::violation && !sighting.event.port.is_physical())
        note = "The device is behind another switch: " + sighting.event.port.text() +
               " is no port that it is plugged into. Waiting on.";
    if (!note.empty())
        book_.add_line(transaction,
                       {0, request, now, AccessLine::Kind::note, std::string(sighting.from), note});
}

Result<void> Arrivals::move(store::Transaction& transaction, AccessRequest request, const Sighting& sighting,
                            Time now) {
    request.switch_name = sighting.from;
    request.port = sighting.event.port.text();
    request.seen_at = now;
    request.next_try.reset();
    request.tries = 0;
    request.outcome.clear();
    request.facts.clear();
    if (book_.update(transaction, request)) return {};
    return fail(ErrorCode::conflict, "access request " + request.tracking() + " changed while it was read");
}

}  // namespace garita::access
