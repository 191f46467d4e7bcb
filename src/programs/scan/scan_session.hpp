#pragma once
// A whole `garita scan`: names, parts, engines, services behind open ports, and what is printed of it.

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "programs/scan/progress_line.hpp"
#include "programs/scan/scan_printer.hpp"
#include "programs/scan/scan_wishes.hpp"

namespace garita::programs {

/// Exit codes: 0 all is judged; 1 something is not known, or the scan was stopped; 2 wrong use.
[[nodiscard]] int run_scan(const ScanWishes& wishes, const WrittenTargets& written);

class ScanSession {
  public:
    /// `alone`: addresses that were not named as a part of many.
    ScanSession(const ScanWishes& wishes, scan::TargetChoice choice, scan::AddressSet alone,
                scan::Engine& engine, scan::ServiceProbe& probe, ScanPrinter& printer);

    /// Prints all, from the first host on. `head`: what the session itself does not know.
    [[nodiscard]] int run(const ScanHead& head, const std::stop_token& stop);

  private:
    using Services = std::map<IpAddress, std::map<Port, scan::ServiceFacts>>;

    [[nodiscard]] scan::Job next_part(scan::AddressWalk& walk) const;
    /// False: it failed, and has said so.
    bool scan_part(const scan::Job& job, const std::stop_token& stop);
    [[nodiscard]] Services ask_services(const scan::Report& report, const std::stop_token& stop);
    void print(const scan::Report& report, const Services& services);
    void count(const scan::TargetResult& result, ScannedHost::Named named);
    void take_warnings(const scan::Report& report);
    [[nodiscard]] std::vector<std::string> names_of(const IpAddress& address) const;

    const ScanWishes& wishes_;
    const scan::TargetChoice choice_;
    const scan::AddressSet alone_;
    scan::Engine& engine_;
    scan::ServiceProbe& probe_;
    ScanPrinter& printer_;
    const PortSet ports_;
    ProgressLine progress_;
    ScanEnd end_;
    std::uint64_t unknown_ = 0;  ///< addresses not fully known, those too that nobody expects to be there
    std::unordered_set<std::string> warned_;
};

}  // namespace garita::programs
