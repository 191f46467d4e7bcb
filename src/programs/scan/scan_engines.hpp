#pragma once
// Which engine asks whom.

#include <memory>
#include <string>

#include "programs/scan/scan_wishes.hpp"
#include "scan/engine.hpp"

namespace garita::programs {

/// One engine made of those that fit: raw packets do not reach this host itself, which connect asks.
class ScanEngines final : public scan::Engine {
  public:
    /// Fails where the wished engine cannot work here.
    [[nodiscard]] static Result<std::unique_ptr<ScanEngines>> make(EngineChoice choice, Transport transport);

    Result<scan::Report> scan(const scan::Job& job, const scan::Listeners& listeners,
                              std::stop_token stop) override;

    [[nodiscard]] const std::string& name() const { return name_; }
    /// What would be better, in a line for people; empty: nothing.
    [[nodiscard]] const std::string& lacking() const { return lacking_; }

  private:
    ScanEngines() = default;

    std::string name_;
    std::string lacking_;
    std::unique_ptr<scan::Engine> near_;  ///< for this host's own addresses
    std::unique_ptr<scan::Engine> far_;   ///< for all that raw packets reach; nothing: near_
};

}  // namespace garita::programs
