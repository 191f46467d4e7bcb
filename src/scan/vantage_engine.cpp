#include "scan/vantage_engine.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>

#include "scan/planner.hpp"

namespace garita::scan {
namespace {

/// Looks that a stopped order has left to bring what is known: some ten seconds.
constexpr int looks_after_stop = 50;

struct Followed {
    std::optional<VantageOutcome> outcome;
    Error error;                  ///< where there is none
    std::vector<FoundOpen> open;  ///< by then
};

/// Until it is over.
Followed follow(Vantage& vantage, const std::string& id, const std::stop_token& stop,
                const std::function<void(const VantageNews&)>& heard) {
    Followed followed;
    int after_stop = 0;
    while (after_stop <= looks_after_stop) {
        if (stop.stop_requested() && after_stop++ == 0) vantage.stop(id);
        auto news = vantage.look(id);
        if (!news) {
            followed.error = news.error();
            return followed;
        }
        if (heard) heard(*news);
        followed.open = std::move(news->open);
        if (!news->outcome) continue;
        if (*news->outcome)
            followed.outcome = std::move(**news->outcome);
        else
            followed.error = news->outcome->error();
        return followed;
    }
    followed.error = {ErrorCode::unavailable, vantage.name() + " does not answer that it has stopped",
                      Retry::later};
    return followed;
}

std::vector<Job> parts_of(const Job& job) {
    std::vector<Job> parts;
    for (auto& slice : slices(job, most_probes_from_afar))
        for (std::size_t from = 0; from < slice.targets.size(); from += most_addresses_from_afar) {
            const auto to = std::min(slice.targets.size(), from + most_addresses_from_afar);
            Job part{job.transport, {}, {}, job.limits};
            std::map<std::uint32_t, std::uint32_t> places;  // only the sets that are meant travel
            for (auto i = from; i < to; ++i) {
                const auto [at, is_new] =
                    places.emplace(slice.targets[i].ports, static_cast<std::uint32_t>(part.port_sets.size()));
                if (is_new) part.port_sets.push_back(job.port_sets.at(slice.targets[i].ports));
                part.targets.push_back({slice.targets[i].address, at->second});
            }
            parts.push_back(std::move(part));
        }
    return parts;
}

TargetResult nothing_known(const Job& job, const Target& target, const std::string& why) {
    TargetResult result;
    result.address = target.address;
    result.unknown.push_back({job.port_sets.at(target.ports), why});
    return result;
}

/// The other side may say anything: only what was asked is taken, in the order of the job.
Report in_order(const Job& part, Report&& told) {
    std::unordered_map<IpAddress, std::size_t> places;
    for (std::size_t i = 0; i < told.targets.size(); ++i)
        places.emplace(told.targets[i].address, i);
    Report report = std::move(told);
    const auto results = std::move(report.targets);
    report.targets.clear();
    for (const auto& target : part.targets) {
        const auto found = places.find(target.address);
        if (found == places.end()) {
            report.targets.push_back(nothing_known(part, target, "nothing was told of it"));
            continue;
        }
        auto result = results[found->second];
        const auto& asked = part.port_sets.at(target.ports);
        result.open = result.open & asked;
        result.closed = (result.closed & asked) - result.open;
        result.filtered = (result.filtered & asked) - result.open - result.closed;
        auto left = asked - result.open - result.closed - result.filtered;
        for (auto& unknown : result.unknown) {
            unknown.ports = unknown.ports & left;
            left = left - unknown.ports;
        }
        std::erase_if(result.unknown, [](const Unknown& one) { return one.ports.empty(); });
        if (!left.empty()) result.unknown.push_back({left, "nothing was told of it"});
        report.targets.push_back(std::move(result));
    }
    return report;
}

Report unasked(const Job& part, const std::string& why, Report::End end) {
    Report report;
    report.end = end;
    for (const auto& target : part.targets)
        report.targets.push_back(nothing_known(part, target, why));
    return report;
}

/// What was found open by then is open.
Report lost(const Job& part, const std::vector<FoundOpen>& open, const std::string& why) {
    std::map<IpAddress, PortSet> found;
    for (const auto& one : open)
        found[one.address].insert(one.port);
    auto report = unasked(part, why, Report::End::cut_short);
    for (auto& result : report.targets) {
        const auto here = found.find(result.address);
        if (here == found.end()) continue;
        auto& unknown = result.unknown.front().ports;
        result.open = here->second & unknown;
        unknown = unknown - result.open;
        if (unknown.empty()) result.unknown.clear();
    }
    report.warnings.push_back(why);
    return report;
}

/// Tells of a part as of a piece of the whole.
class Told {
  public:
    Told(const Listeners& listeners, const std::vector<Job>& parts) : listeners_(listeners) {
        for (const auto& part : parts)
            all_ += probes_of(part);
    }
    void hear(const VantageNews& news) {
        for (const auto& one : news.open)
            if (listeners_.open && seen_.insert(one).second) listeners_.open(one.address, one.port);
        if (!listeners_.progress) return;
        auto progress = news.progress;
        progress.judged = std::min(done_ + progress.judged, all_);
        if (done_ + progress.probes < all_) progress.left.reset();
        progress.probes = all_;
        listeners_.progress(progress);
    }
    void over(const Job& part) {
        done_ += probes_of(part);
        seen_.clear();
    }

  private:
    static std::uint64_t probes_of(const Job& job) {
        std::uint64_t all = 0;
        for (const auto& target : job.targets)
            all += job.port_sets.at(target.ports).size();
        return all;
    }
    const Listeners& listeners_;
    std::uint64_t all_ = 0;
    std::uint64_t done_ = 0;
    std::set<FoundOpen> seen_;
};

}  // namespace

Result<Report> VantageEngine::scan(const Job& job, const Listeners& listeners, std::stop_token stop) {
    using End = Report::End;
    const auto parts = parts_of(job);
    Told told(listeners, parts);
    Report whole;
    for (const auto& part : parts) {
        if (stop.stop_requested() || whole.end != End::complete) {
            const auto end = whole.end == End::complete ? End::stopped : whole.end;
            append(whole, unasked(part, "the scan ended before it was asked", end));
            continue;
        }
        const auto id = vantage_.order(part);
        if (!id && whole.targets.empty()) return tl::unexpected(id.error());
        if (!id) {
            append(whole, lost(part, {}, id.error().text));
            continue;
        }
        auto followed = follow(vantage_, *id, stop, [&](const VantageNews& news) { told.hear(news); });
        auto* const report = followed.outcome ? std::get_if<Report>(&*followed.outcome) : nullptr;
        if (followed.error.text.empty()) followed.error.text = vantage_.name() + " told something else";
        const bool nothing_done = !report && whole.targets.empty() && followed.open.empty();
        if (nothing_done && followed.error.code == ErrorCode::forbidden)
            return tl::unexpected(followed.error);
        append(whole,
               report ? in_order(part, std::move(*report)) : lost(part, followed.open, followed.error.text));
        told.over(part);
    }
    return whole;
}

std::vector<NameResolver::Answer> VantageNames::resolve(const std::vector<std::string>& names) {
    std::vector<Answer> all;
    for (std::size_t from = 0; from < names.size(); from += most_names_from_afar) {
        const auto to = std::min(names.size(), from + most_names_from_afar);
        const NameQuestions some{{names.begin() + static_cast<std::ptrdiff_t>(from),
                                  names.begin() + static_cast<std::ptrdiff_t>(to)}};
        const auto id = vantage_.order(some);
        Followed followed;
        if (id)
            followed = follow(vantage_, *id, stop_, {});
        else
            followed.error = id.error();
        auto* const answers = followed.outcome ? std::get_if<NameAnswers>(&*followed.outcome) : nullptr;
        if (answers != nullptr && answers->size() == to - from) {
            std::move(answers->begin(), answers->end(), std::back_inserter(all));
            continue;
        }
        if (followed.error.text.empty()) followed.error.text = vantage_.name() + " told something else";
        for (auto i = from; i < to; ++i)
            all.emplace_back(fail(ErrorCode::unavailable, followed.error.text, Retry::later));
    }
    return all;
}

std::vector<ServiceFacts> VantageServices::ask(const std::vector<ServiceQuestion>& questions, Wanted wanted,
                                               std::stop_token stop) {
    std::vector<ServiceFacts> all;
    for (std::size_t from = 0; from < questions.size() && !stop.stop_requested();
         from += most_services_from_afar) {
        const auto to = std::min(questions.size(), from + most_services_from_afar);
        const ServiceQuestions some{{questions.begin() + static_cast<std::ptrdiff_t>(from),
                                     questions.begin() + static_cast<std::ptrdiff_t>(to)},
                                    wanted};
        const auto id = vantage_.order(some);
        if (!id) break;
        auto followed = follow(vantage_, *id, stop, {});
        auto* const facts = followed.outcome ? std::get_if<ServiceAnswers>(&*followed.outcome) : nullptr;
        if (facts == nullptr || facts->size() != to - from) break;
        std::move(facts->begin(), facts->end(), std::back_inserter(all));
    }
    all.resize(questions.size());
    return all;
}

}  // namespace garita::scan
