#pragma once
// Scans that the hub has this host run: within what the host's own file allows, one after the other.

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "adapters/hub_link/scan_link.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/log/log.hpp"
#include "runtime/worker/runner.hpp"
#include "scan/vantage_bounds.hpp"

namespace garita::programs {

/// Carries orders out by engines that need no privileges.
class HostScans final : public hub_link::ScanCrew {
  public:
    struct World {
        hub_link::AgentIdentity& identity;
        std::function<void(const std::string&)> refused;  ///< an answer that is not the hub's own
    };
    /// Null where the configuration allows no scan. What `world` refers to outlives it.
    [[nodiscard]] static std::unique_ptr<HostScans> open(const runtime::AgentConfig& config,
                                                         const World& world, const runtime::Log& log);
    void start(runtime::WorkerGroup& workers);
    /// Before the workers are stopped.
    void stop();

    // hub_link::ScanCrew
    void begin(const hub_link::ScanOrder& order) override;
    void stop(const std::string& id) override;
    void orders_refused(const std::string& why) override { world_.refused(why); }

  private:
    class Work final : public Worker {
      public:
        explicit Work(HostScans& scans) : scans_(scans) {}
        [[nodiscard]] std::string_view name() const override { return "scans"; }
        Result<Duration> step(Time now) override;

      private:
        HostScans& scans_;
    };
    struct Waiting {
        hub_link::ScanOrder order;
        std::stop_source stop{};
    };

    HostScans(const runtime::AgentConfig& config, const World& world, const runtime::Log& log);
    void carry_out(const Waiting& work);
    [[nodiscard]] Result<scan::VantageOutcome> run(const std::string& id, scan::VantageTask task,
                                                   const std::stop_token& stop);
    [[nodiscard]] Result<scan::VantageOutcome> look(const std::string& id, const scan::Job& job,
                                                    const std::stop_token& stop);

    const World world_;
    const runtime::Log log_;
    const scan::VantageBounds bounds_;
    Work work_{*this};
    hub_link::ScanLink link_;
    std::atomic<runtime::WorkerThread*> thread_ = nullptr;
    std::mutex mutex_;
    bool stopped_ = false;
    std::deque<Waiting> waiting_;  ///< the first one is under way
};

}  // namespace garita::programs
