#pragma once
// A scanner and its targets, each side in a network namespace of its own, with a wire between them. The
// targets are many addresses of one kernel, with real listeners.

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "adapters/syn_scan/syn_engine.hpp"
#include "support/meeting.hpp"
#include "support/net_namespace.hpp"

namespace garita::testing_support {

class ScanWorld {
  public:
    ScanWorld() : scanner_(NetNamespace::make()), target_(NetNamespace::make()) {
        if (!scanner_ || !target_)
            throw std::runtime_error("cannot make network namespaces; this test needs root");
        must(scanner_->shell("ip link add wire type veth peer name wire netns " + target_->path()));
        must(scanner_->shell(
            "ip addr add 10.98.0.1/16 dev wire && ip -6 addr add fd00:98::1/64 dev wire nodad && "
            "ip link set wire up && ip route add 10.99.0.0/16 via 10.98.0.2 && "
            "ip -6 route add fd00:99::/64 via fd00:98::2"));
        must(target_->shell(
            "ip addr add 10.98.0.2/16 dev wire && ip -6 addr add fd00:98::2/64 dev wire nodad && "
            "ip link set wire up && ip route add local 10.99.0.0/16 dev lo && "
            "ip -6 route add local fd00:99::/64 dev lo && ip route add local 10.98.7.0/24 dev lo && "
            "sysctl -q -w net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0"));
        must(meets(*scanner_, "10.98.0.2") && meets(*scanner_, "fd00:98::2"));
    }
    ~ScanWorld() {
        for (const int fd : listeners_)
            close(fd);
    }
    ScanWorld(const ScanWorld&) = delete;
    ScanWorld& operator=(const ScanWorld&) = delete;

    /// On all addresses of the target, both families.
    void listen(const PortSet& ports) {
        target_->run([&] {
            for (const Port port : ports.ports()) {
                const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
                listeners_.push_back(fd);
                sockaddr_in6 where{};
                where.sin6_family = AF_INET6;
                where.sin6_port = htons(port);
                if (bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
                    ::listen(fd, 64) != 0)
                    throw std::runtime_error("cannot listen on " + std::to_string(port));
            }
        });
    }
    /// Rules of the target's own firewall: chains of a table of the family inet.
    void firewall(const std::vector<std::string>& chains) {
        std::string table = "table inet t {\n";
        for (const auto& chain : chains)
            table += chain + "\n";
        must(target_->shell("nft '" + table + "}'"));
    }
    /// The first counter of the target's rules: packets.
    [[nodiscard]] std::uint64_t counted() const {
        const std::string text = output(*target_, "nft list table inet t");
        const auto at = text.find("packets ");
        return at == std::string::npos ? 0 : std::stoull(text.substr(at + 8));
    }
    [[nodiscard]] static std::string output(const NetNamespace& where, const std::string& command) {
        std::string text;
        where.run([&] {
            const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
            std::array<char, 4096> part{};
            while (pipe && fgets(part.data(), part.size(), pipe.get()) != nullptr)
                text += part.data();
        });
        return text;
    }

    [[nodiscard]] scan::Report scan(const scan::Job& job, syn_scan::Settings settings = {},
                                    const scan::Listeners& listeners = {}) const {
        Result<scan::Report> report = fail(ErrorCode::invalid, "not run");
        scanner_->run([&] { report = syn_scan::SynEngine(settings).scan(job, listeners, {}); });
        if (!report) throw std::runtime_error(report.error().text);
        return std::move(*report);
    }
    [[nodiscard]] scan::TargetResult scan_one(const std::string& address, const std::string& ports,
                                              scan::Limits limits = {}) const {
        return scan(job({address}, ports, limits)).targets.front();
    }
    [[nodiscard]] static scan::Job job(const std::vector<std::string>& addresses, const std::string& ports,
                                       scan::Limits limits = {}) {
        scan::Job job;
        job.port_sets.push_back(PortSet::parse(ports).value());
        for (const auto& address : addresses)
            job.targets.push_back({IpAddress::parse(address).value(), 0});
        job.limits = limits;
        return job;
    }

    [[nodiscard]] const NetNamespace& scanner() const { return *scanner_; }
    [[nodiscard]] const NetNamespace& target() const { return *target_; }

  private:
    static void must(bool done) {
        if (!done) throw std::runtime_error("a command that builds the test's network failed");
    }
    std::unique_ptr<NetNamespace> scanner_;
    std::unique_ptr<NetNamespace> target_;
    std::vector<int> listeners_;
};

}  // namespace garita::testing_support
