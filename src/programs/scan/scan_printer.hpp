#pragma once
// What `garita scan` prints on standard output, host by host, in three forms.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "programs/scan/scan_wishes.hpp"
#include "scan/engine.hpp"
#include "scan/service_probe.hpp"
#include "scan/targets.hpp"

namespace garita::programs {

/// Before the first host.
struct ScanHead {
    Transport transport = Transport::tcp;
    std::string engine;
    std::string from;  ///< an agent; empty: from here
    PortSet ports;
    std::uint64_t addresses = 0;
    Time started{};
};

/// One address; borrows.
struct ScannedHost {
    const scan::TargetResult& result;
    std::vector<std::string> names;
    const std::map<Port, scan::ServiceFacts>& services;
    enum class Named { alone, among_many } named = Named::alone;  ///< or within a network or range
};

/// Behind the last host.
struct ScanEnd {
    scan::Report::End end = scan::Report::End::complete;
    std::vector<scan::Unresolved> unresolved;
    std::vector<std::string> warnings;
    std::uint64_t addresses = 0;  ///< judged or not
    std::uint64_t with_open = 0;  ///< addresses
    std::uint64_t open = 0;       ///< ports
    std::uint64_t silent = 0;     ///< addresses that did not answer at all
    std::uint64_t unknown = 0;    ///< addresses of which something is unknown that should be known
    std::uint64_t probes = 0;
    Duration took{};
};

class ScanPrinter {
  public:
    ScanPrinter() = default;
    ScanPrinter(const ScanPrinter&) = delete;
    ScanPrinter& operator=(const ScanPrinter&) = delete;
    virtual ~ScanPrinter() = default;

    virtual void begin(const ScanHead& head) = 0;
    virtual void host(const ScannedHost& host) = 0;
    /// Whatever was printed is whole with it.
    virtual void end(const ScanEnd& end) = 0;
};

/// Writes to standard output.
[[nodiscard]] std::unique_ptr<ScanPrinter> scan_printer(ScanForm form);
[[nodiscard]] std::unique_ptr<ScanPrinter> table_printer();
[[nodiscard]] std::unique_ptr<ScanPrinter> json_printer();
[[nodiscard]] std::unique_ptr<ScanPrinter> grepable_printer();

/// Without what ends it.
[[nodiscard]] std::string_view first_line(std::string_view text);
/// "2 min 5 s"
[[nodiscard]] std::string rough_time(Duration span);

}  // namespace garita::programs
