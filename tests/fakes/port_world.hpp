#pragma once
// A network in memory: an engine and a resolver that answer from what the test says is open.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "scan/engine.hpp"
#include "scan/name_resolver.hpp"
#include "scan/service_probe.hpp"

namespace garita::fakes {

struct PortWorld {
    enum class Host { answers, silent, no_route };
    struct Address {
        Host state = Host::answers;
        PortSet open;
        PortSet filtered;
        PortSet unknown;
        std::map<Port, scan::ServiceFacts> services;
    };
    std::map<IpAddress, Address> addresses;  ///< others are silent
    std::map<std::string, std::vector<IpAddress>> names;
    bool names_are_out = false;
    std::set<std::string> failing_names;

    Address& at(const std::string& address) { return addresses[IpAddress::parse(address).value()]; }
    void name(const std::string& host, const std::vector<std::string>& all) {
        names[host].clear();
        for (const auto& address : all)
            names[host].push_back(IpAddress::parse(address).value());
    }
};

class WorldEngine final : public scan::Engine {
  public:
    explicit WorldEngine(PortWorld& world) : world_(world) {}

    Result<scan::Report> scan(const scan::Job& job, const scan::Listeners&, std::stop_token stop) override {
        jobs.push_back(job);
        if (refusal) return tl::unexpected(*refusal);
        scan::Report report;
        if (stop.stop_requested()) report.end = scan::Report::End::stopped;
        for (const auto& target : job.targets)
            report.targets.push_back(answer(target.address, job.port_sets.at(target.ports)));
        return report;
    }
    /// Ports that were asked of an address in the last job.
    [[nodiscard]] std::string asked(const std::string& address) const {
        for (const auto& target : jobs.back().targets)
            if (target.address.text() == address) return jobs.back().port_sets.at(target.ports).text();
        return {};
    }

    std::vector<scan::Job> jobs;
    std::optional<Error> refusal;

  private:
    scan::TargetResult answer(const IpAddress& address, const PortSet& ports) {
        scan::TargetResult result;
        result.address = address;
        const auto found = world_.addresses.find(address);
        if (found == world_.addresses.end() || found->second.state == PortWorld::Host::silent) {
            result.filtered = ports;
            return result;
        }
        const auto& host = found->second;
        if (host.state == PortWorld::Host::no_route) {
            result.unknown.push_back({ports, "no route to host"});
            return result;
        }
        const auto unknown = host.unknown & ports;
        if (!unknown.empty()) result.unknown.push_back({unknown, "host timeout"});
        result.open = (host.open & ports) - unknown;
        result.filtered = (host.filtered & ports) - unknown;
        result.closed = ((ports - result.open) - result.filtered) - unknown;
        result.round_trip = std::chrono::milliseconds{1};
        return result;
    }
    PortWorld& world_;
};

class WorldServices final : public scan::ServiceProbe {
  public:
    explicit WorldServices(PortWorld& world) : world_(world) {}
    std::vector<scan::ServiceFacts> ask(const std::vector<scan::ServiceQuestion>& questions,
                                        scan::Wanted wanted, std::stop_token) override {
        std::vector<scan::ServiceFacts> all;
        for (const auto& question : questions) {
            asked.push_back(question);
            scan::ServiceFacts facts;
            const auto& services = world_.addresses[question.address].services;
            if (const auto found = services.find(question.port); found != services.end())
                facts = found->second;
            if (wanted == scan::Wanted::banner) facts.certificate.reset();
            if (wanted == scan::Wanted::certificate) facts.banner.clear();
            all.push_back(std::move(facts));
        }
        return all;
    }
    std::vector<scan::ServiceQuestion> asked;

  private:
    PortWorld& world_;
};

class WorldNames final : public scan::NameResolver {
  public:
    explicit WorldNames(PortWorld& world) : world_(world) {}
    std::vector<Answer> resolve(const std::vector<std::string>& names) override {
        asked += names.size();
        std::vector<Answer> answers;
        for (const auto& name : names) {
            const auto found = world_.names.find(name);
            if (world_.names_are_out || world_.failing_names.contains(name))
                answers.push_back(fail(ErrorCode::unavailable, "no name server answers"));
            else if (found == world_.names.end())
                answers.push_back(fail(ErrorCode::not_found, "there is no such name"));
            else
                answers.push_back(found->second);
        }
        return answers;
    }
    std::size_t asked = 0;

  private:
    PortWorld& world_;
};

}  // namespace garita::fakes
