#include <cstdio>

#include <fmt/core.h>

#include "programs/scan/scan_printer.hpp"
#include "runtime/log/log.hpp"
#include "scan/services.hpp"

namespace garita::programs {
namespace {

/// Fields are parted by commas, slashes and tabs.
std::string field(std::string_view foreign) {
    constexpr std::size_t longest = 200;
    auto text = runtime::escape_foreign(foreign, longest);
    for (char& c : text)
        if (c == '/' || c == ',' || c == '(' || c == ')') c = '|';
    return text;
}

/// As nmap's -oG, so that what reads that reads this.
class GrepablePrinter final : public ScanPrinter {
  public:
    void begin(const ScanHead& head) override {
        transport_ = head.transport;
        fmt::print("# garita scan{}, {}, {} {}, begun {}\n",
                   head.from.empty() ? "" : " from agent " + head.from, head.engine, head.ports.size(),
                   head.transport == Transport::tcp ? "TCP ports" : "UDP ports", to_iso8601(head.started));
    }

    void host(const ScannedHost& host) override {
        const auto& result = host.result;
        std::string ports;
        for (const Port port : result.open.ports()) {
            const auto found = host.services.find(port);
            ports += fmt::format("{}{}/open/{}//{}//{}/", ports.empty() ? "" : ", ", port,
                                 to_text(transport_), scan::service_name(transport_, port),
                                 found == host.services.end() ? "" : field(first_line(found->second.banner)));
        }
        fmt::print("Host: {} ({})\tPorts: {}{}{}{}\n", result.address.text(),
                   host.names.empty() ? "" : field(host.names.front()), ports, rest("Closed", result.closed),
                   rest("Filtered", result.filtered), unknown(result));
    }

    void end(const ScanEnd& end) override {
        for (const auto& one : end.unresolved)
            fmt::print("# not scanned: {}: {}\n", one.name, runtime::escape_foreign(one.why));
        for (const auto& warning : end.warnings)
            fmt::print("# {}\n", runtime::escape_foreign(warning));
        fmt::print("# {}: {} addresses, {} with open ports, {:.1f} s\n",
                   end.end == scan::Report::End::complete    ? "complete"
                   : end.end == scan::Report::End::cut_short ? "PARTIAL, cut short"
                                                             : "PARTIAL, stopped before its end",
                   end.addresses, end.with_open, static_cast<double>(end.took.count()) / 1e6);
    }

  private:
    static std::string rest(std::string_view state, const PortSet& ports) {
        return ports.empty() ? "" : fmt::format("\t{}: {}", state, ports.text());
    }
    static std::string unknown(const scan::TargetResult& result) {
        PortSet all;
        for (const auto& one : result.unknown)
            all = all | one.ports;
        return rest("Unknown", all);
    }

    Transport transport_ = Transport::tcp;
};

}  // namespace

std::unique_ptr<ScanPrinter> grepable_printer() {
    return std::make_unique<GrepablePrinter>();
}

}  // namespace garita::programs
