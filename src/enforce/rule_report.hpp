#pragma once
// What the reconciler says to whoever tells the hub.

#include <cstdint>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace garita::enforce {

/// Rules up to this position are in force, but for the failed ones.
struct RuleReport {
    std::int64_t up_to_seq = 0;
    std::vector<store::FailedRule> failed;  ///< all that fail at the moment, by seq
    std::uint64_t connections_cut = 0;      ///< since the report before
    std::string trouble;  ///< why nothing goes at the moment, and the rest is as before; empty: all is well
    friend bool operator==(const RuleReport&, const RuleReport&) = default;
};

class RuleReportSink {
  public:
    RuleReportSink() = default;
    RuleReportSink(const RuleReportSink&) = delete;
    RuleReportSink& operator=(const RuleReportSink&) = delete;
    virtual ~RuleReportSink() = default;

    /// A later report replaces the ones before, but for their connections_cut, which add up. Must not block.
    /// One not delivered need not be kept over a restart: the reconciler reports again when it starts.
    virtual void report(const RuleReport& report) = 0;
};

}  // namespace garita::enforce
