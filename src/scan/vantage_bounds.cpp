#include "scan/vantage_bounds.hpp"

#include <algorithm>

namespace garita::scan {
namespace {

tl::unexpected<Error> refuse(const std::string& what) {
    return fail(ErrorCode::forbidden, "refused by the agent's own file: " + what);
}

Result<void> may_ask(const VantageBounds& bounds, const IpAddress& address, const PortSet& ports) {
    const bool named = std::any_of(bounds.targets.begin(), bounds.targets.end(),
                                   [&](const IpNetwork& network) { return network.contains(address); });
    if (!named) return refuse(address.text() + " is not within allow.scan.targets");
    if (const auto beyond = ports - bounds.ports; !beyond.empty())
        return refuse("ports " + beyond.text().substr(0, 100) + " are not within allow.scan.ports");
    return {};
}

Result<void> check(const VantageBounds& bounds, Job& job) {
    if (job.targets.size() > most_addresses_from_afar)
        return refuse("more than " + std::to_string(most_addresses_from_afar) + " addresses at once");
    std::size_t probes = 0;
    for (const auto& target : job.targets) {
        if (target.ports >= job.port_sets.size()) return refuse("a target without ports");
        const auto& ports = job.port_sets[target.ports];
        probes += ports.size();
        if (auto fine = may_ask(bounds, target.address, ports); !fine) return fine;
    }
    if (probes > most_probes_from_afar)
        return refuse("more than " + std::to_string(most_probes_from_afar) + " questions at once");
    auto& rate = job.limits.probes_per_second;
    rate = rate > 0 ? std::min(rate, bounds.probes_per_second) : bounds.probes_per_second;
    return {};
}

Result<void> check(const VantageBounds& bounds, const ServiceQuestions& asked) {
    if (asked.questions.size() > most_services_from_afar)
        return refuse("more than " + std::to_string(most_services_from_afar) + " services at once");
    for (const auto& question : asked.questions)
        if (auto fine = may_ask(bounds, question.address, PortSet::of(question.port, question.port)); !fine)
            return fine;
    return {};
}

Result<void> check(const VantageBounds&, const NameQuestions& asked) {
    if (asked.names.size() > most_names_from_afar)
        return refuse("more than " + std::to_string(most_names_from_afar) + " names at once");
    return {};
}

}  // namespace

Result<VantageTask> within(const VantageBounds& bounds, VantageTask task) {
    if (bounds.targets.empty())
        return refuse("no scan may be run from here (write allow.scan there to allow some)");
    const auto fine = std::visit([&](auto& asked) { return check(bounds, asked); }, task);
    if (!fine) return tl::unexpected(fine.error());
    return task;
}

}  // namespace garita::scan
