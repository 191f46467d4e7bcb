#include "scan/looks.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace garita::scan {
namespace {

/// Agents that look at the same time; each is waited for, most of the time.
constexpr std::size_t most_places_at_once = 16;

/// Some of all looks, which outlive them.
using Looks = std::vector<const Look*>;

struct Addresses {
    std::vector<IpAddress> all;
    std::string why_none;
};

/// Without `all_addresses`: those of IPv4, or where there are none those of IPv6.
std::vector<IpAddress> chosen(std::vector<IpAddress> addresses, const WantedPorts& wanted) {
    const auto is_v4 = [](const IpAddress& address) { return address.is_v4(); };
    if (wanted.all_addresses || std::none_of(addresses.begin(), addresses.end(), is_v4)) return addresses;
    std::erase_if(addresses, [&](const IpAddress& address) { return !is_v4(address); });
    return addresses;
}

std::vector<Addresses> addresses_of(const Looks& looks, NameResolver& resolver) {
    std::vector<std::string> names;
    for (const auto* look : looks)
        if (!look->subject->address) names.push_back(look->subject->host);
    auto answers = names.empty() ? std::vector<NameResolver::Answer>{} : resolver.resolve(names);
    std::vector<Addresses> all;
    std::size_t next = 0;
    for (const auto* look : looks) {
        auto& here = all.emplace_back();
        if (look->subject->address) {
            here.all = {*look->subject->address};
            continue;
        }
        auto& answer = answers.at(next++);
        if (answer)
            here.all = chosen(std::move(*answer), look->wanted);
        else
            here.why_none = answer.error().text;
        if (here.all.empty() && here.why_none.empty()) here.why_none = "the name has no address";
    }
    return all;
}

/// Every address once, with all that is asked of it.
class JobOf {
  public:
    explicit JobOf(Transport transport, const Limits& limits) {
        job_.transport = transport;
        job_.limits = limits;
    }
    void ask(const IpAddress& address, const PortSet& ports) {
        if (ports.empty()) return;
        auto& asked = asked_[address];
        asked = asked.empty() ? ports : asked | ports;
    }
    [[nodiscard]] const Job& finish() {
        std::map<std::string, std::uint32_t> sets;
        for (auto& [address, ports] : asked_) {
            const auto [place, is_new] =
                sets.emplace(ports.text(), static_cast<std::uint32_t>(job_.port_sets.size()));
            if (is_new) job_.port_sets.push_back(std::move(ports));
            job_.targets.push_back({address, place->second});
        }
        asked_.clear();
        return job_;
    }

  private:
    std::map<IpAddress, PortSet> asked_;
    Job job_;
};

tl::unexpected<Error> stopped() {
    return fail(ErrorCode::unavailable, "the scan was stopped", Retry::later);
}

using Results = std::unordered_map<IpAddress, TargetResult>;

Result<Results> run(Engine* engine, const Job& job, const std::stop_token& stop,
                    const std::function<void(const std::string&)>& warned) {
    Results results;
    if (job.targets.empty()) return results;
    if (engine == nullptr) {
        for (const auto& target : job.targets) {
            TargetResult none;
            none.address = target.address;
            none.unknown.push_back({job.port_sets.at(target.ports), "nothing here can ask with UDP"});
            results.emplace(target.address, std::move(none));
        }
        return results;
    }
    auto report = engine->scan(job, {}, stop);
    if (!report) return tl::unexpected(report.error());
    if (report->end == Report::End::stopped) return stopped();
    for (const auto& warning : report->warnings)
        warned(warning);
    for (auto& target : report->targets)
        results.emplace(target.address, std::move(target));
    return results;
}

const TargetResult* result_of(const Results& results, const IpAddress& address) {
    const auto found = results.find(address);
    return found == results.end() ? nullptr : &found->second;
}

/// All with the same eyes.
Result<std::vector<Observation>> look_from_one_place(const Looks& looks, const Eyes& eyes,
                                                     const Limits& limits, const std::stop_token& stop,
                                                     const std::function<void(const std::string&)>& warned,
                                                     Time now) {
    const auto addresses = addresses_of(looks, eyes.names);
    JobOf tcp(Transport::tcp, limits);
    JobOf udp(Transport::udp, limits);
    for (std::size_t i = 0; i < looks.size(); ++i)
        for (const auto& address : addresses[i].all) {
            tcp.ask(address, looks[i]->asked.tcp);
            udp.ask(address, looks[i]->asked.udp);
        }
    const auto of_tcp = run(&eyes.tcp, tcp.finish(), stop, warned);
    if (!of_tcp) return tl::unexpected(of_tcp.error());
    const auto of_udp = run(eyes.udp, udp.finish(), stop, warned);
    if (!of_udp) return tl::unexpected(of_udp.error());
    ServiceLooks services(eyes.services, now);
    for (std::size_t i = 0; i < looks.size(); ++i)
        for (const auto& address : addresses[i].all)
            if (const auto* result = result_of(*of_tcp, address))
                services.ask(i, *looks[i]->subject, looks[i]->wanted, looks[i]->asked.services & result->open,
                             address);
    services.run(stop);
    if (stop.stop_requested()) return stopped();
    std::vector<Observation> all;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (addresses[i].all.empty()) {
            all.push_back(unresolved(addresses[i].why_none));
            continue;
        }
        std::vector<AddressResult> results;
        for (const auto& address : addresses[i].all)
            results.push_back({address, looks[i]->asked.tcp.empty() ? nullptr : result_of(*of_tcp, address),
                               looks[i]->asked.udp.empty() ? nullptr : result_of(*of_udp, address),
                               services.of(i, address)});
        all.push_back(judge(looks[i]->wanted, looks[i]->asked, results));
    }
    return all;
}

Observation unseen(std::string why) {
    auto nothing = unresolved(std::move(why));
    nothing.answer = HostAnswer::unreachable;
    return nothing;
}

/// Where an agent cannot look, what it should have looked at is unknown, and nobody else waits for it.
Result<std::vector<Observation>> look_from_afar(const Looks& looks, const std::string& agent,
                                                const Eyes& here, const Limits& limits,
                                                const std::stop_token& stop,
                                                const std::function<void(const std::string&)>& warned,
                                                Time now) {
    const auto eyes =
        here.far != nullptr
            ? here.far->of(agent)
            : Result<const Eyes*>(fail(ErrorCode::unavailable, "agent " + agent + " is nobody"));
    auto why = eyes ? std::string() : eyes.error().text;
    if (eyes) {
        auto found = look_from_one_place(looks, **eyes, limits, stop, warned, now);
        if (found || stop.stop_requested()) return found;
        why = "agent " + agent + " cannot look: " + found.error().text;
    }
    return std::vector<Observation>(looks.size(), unseen(why));
}

/// All that is looked at from one place; no agent: from here.
struct Place {
    [[nodiscard]] const std::string& agent() const { return looks.front()->wanted.from; }
    Looks looks;                     ///< at least one
    std::vector<std::size_t> order;  ///< of each of them, among all looks
    Result<std::vector<Observation>> found;
};

/// The one from here goes first.
std::vector<Place> places_of(const std::vector<Look>& looks) {
    std::map<std::string, Place> by_agent;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        auto& place = by_agent[looks[i].wanted.from];
        place.looks.push_back(&looks[i]);
        place.order.push_back(i);
    }
    std::vector<Place> all;
    for (auto& [agent, place] : by_agent)
        all.push_back(std::move(place));
    return all;
}

/// One place after the other by each of some threads, this one among them; returns when all have looked.
void look_from_all(std::vector<Place>& places, const std::function<void(Place&)>& look) {
    std::atomic<std::size_t> next = 0;
    const auto take_turns = [&] {
        for (auto i = next++; i < places.size(); i = next++)
            look(places[i]);
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(places.size(), most_places_at_once); ++i)
        others.emplace_back(take_turns);
    take_turns();
}

}  // namespace

bool is_about_agent(const WantedPorts& wanted, HostAnswer answer, std::string_view why) {
    return !wanted.from.empty() && answer == HostAnswer::unreachable &&
           why.starts_with("agent " + wanted.from + " ");
}

Result<std::vector<Observation>> look_at(const std::vector<Look>& looks, const Eyes& eyes,
                                         const Limits& limits, const std::stop_token& stop,
                                         const std::function<void(const std::string&)>& warned, Time now) {
    auto places = places_of(looks);
    std::mutex one_warning;
    const auto warn = [&](const std::string& text) {
        const std::lock_guard guard(one_warning);
        if (warned) warned(text);
    };
    look_from_all(places, [&](Place& place) {
        place.found = place.agent().empty()
                          ? look_from_one_place(place.looks, eyes, limits, stop, warn, now)
                          : look_from_afar(place.looks, place.agent(), eyes, limits, stop, warn, now);
    });
    std::vector<Observation> all(looks.size());
    for (auto& place : places) {
        if (!place.found) return tl::unexpected(place.found.error());
        for (std::size_t i = 0; i < place.order.size(); ++i)
            all[place.order[i]] = std::move((*place.found)[i]);
    }
    return all;
}

}  // namespace garita::scan
