#pragma once
// TCP ports by packets of our own: SYN out, SYN-ACK, RST or ICMP back. The fastest way, for root.

#include <span>
#include <vector>

#include "scan/engine.hpp"

namespace garita::syn_scan {

struct Settings {
    unsigned threads = 0;  ///< that send; 0: two where there is much to do and two processors
};

/// IPv4 and IPv6, by any interface with Ethernet's or no header. Needs CAP_NET_RAW in the network namespace
/// of the calling thread. This host's own addresses and those that no packet can reach are unknown in its
/// report; the former are for the connect engine, see suits().
class SynEngine final : public scan::Engine {
  public:
    explicit SynEngine(Settings settings = {}) : settings_(settings) {}
    Result<scan::Report> scan(const scan::Job& job, const scan::Listeners& listeners,
                              std::stop_token stop) override;

  private:
    Settings settings_;
};

/// An error says what is missing and what to use instead.
[[nodiscard]] Result<void> permitted();

/// Whether packets of our own would find the way; false for this host's own addresses, which answer nobody
/// but the kernel, and where there is no interface that could send them. In the order of the targets.
[[nodiscard]] Result<std::vector<bool>> suits(std::span<const scan::Target> targets);

}  // namespace garita::syn_scan
