#include "scan/service_looks.hpp"

namespace garita::scan {

void ServiceLooks::ask(std::size_t look, const Subject& subject, const WantedPorts& wanted,
                       const PortSet& ports, const IpAddress& address) {
    if (ports.empty()) return;
    for (const auto& [port, expected] : wanted.services) {
        if (!ports.contains(port)) continue;
        auto& group = expected.certificate ? certificates_ : banners_;
        group.questions.push_back({address, port, subject.address ? std::string() : subject.host});
        group.of.emplace_back(look, expected);
    }
}

void ServiceLooks::run(const std::stop_token& stop) {
    run(banners_, Wanted::banner, stop);
    run(certificates_, Wanted::certificate, stop);
}

void ServiceLooks::run(const Group& group, Wanted wanted, const std::stop_token& stop) {
    if (group.questions.empty()) return;
    std::vector<ServiceFacts> facts(group.questions.size());
    if (probe_ != nullptr) facts = probe_->ask(group.questions, wanted, stop);
    for (std::size_t i = 0; i < group.questions.size(); ++i) {
        const auto& question = group.questions[i];
        const auto& [look, expected] = group.of[i];
        findings_[{look, question.address}].emplace(question.port, judge_service(expected, facts[i], now_));
    }
}

std::map<Port, ServiceFinding> ServiceLooks::of(std::size_t look, const IpAddress& address) const {
    const auto found = findings_.find({look, address});
    return found == findings_.end() ? std::map<Port, ServiceFinding>{} : found->second;
}

}  // namespace garita::scan
