#pragma once
// The devices whose rules the hub keeps itself: one reconciler each.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "decide/stuck_rules.hpp"
#include "enforce/class_reconciler.hpp"
#include "enforce/record_later.hpp"
#include "enforce/rule_keeping.hpp"
#include "programs/class_backends/class_backends.hpp"
#include "programs/class_backends/rule_trace.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/log/log.hpp"
#include "runtime/worker/runner.hpp"
#include "store/device_rules.hpp"

namespace garita::programs {

/// What whoever opens cases about stuck rules has to know.
[[nodiscard]] decide::RulesHealth health_of(const runtime::DeviceConfig& device,
                                            const enforce::ClassStatus& one);

class RuleKeepers final : public enforce::RuleKeeping {
  public:
    /// What of the configuration cannot be carried out is logged, and stands in the status. The store
    /// outlives it.
    RuleKeepers(const std::vector<runtime::DeviceConfig>& devices, store::DeviceRules& rules,
                const RuleTrace& trace, const runtime::Log& log);

    void open(runtime::WorkerGroup& workers);
    /// After the workers have stopped: writes down what they have done last.
    void close();
    /// Wakes the device's reconciler. Not after the workers have stopped.
    void heard(const std::string& device);

    /// Of every device and name of rules, for whoever tells people what stays stuck.
    [[nodiscard]] std::vector<decide::RulesHealth> health() const;

    [[nodiscard]] std::vector<enforce::DeviceStatus> status() const override;
    [[nodiscard]] Classes audit(const std::string& device, const std::string& rules) override;
    [[nodiscard]] Classes rebuild(const std::string& device, const std::string& rules) override;

  private:
    struct Device {
        runtime::DeviceConfig config;
        std::unique_ptr<store::ClassBook> book;
        std::unique_ptr<enforce::RecordLater> later;  ///< the book, as the reconciler sees it
        std::unique_ptr<ClassBackends> backends;
        std::unique_ptr<enforce::ClassReconciler> reconciler;
        std::vector<enforce::ClassStatus> not_kept;  ///< with the reason
        runtime::WorkerThread* thread = nullptr;
    };
    void add(const runtime::DeviceConfig& config, store::DeviceRules& rules, const RuleTrace& trace,
             const runtime::Log& log);
    [[nodiscard]] Classes ask(const std::string& device, enforce::ClassReconciler::Request request,
                              const std::string& rules);

    std::vector<std::unique_ptr<Device>> devices_;
    /// The store commits together what several of them write at the same time.
    static constexpr std::size_t most_recorders = 4;
    struct Recording {
        std::unique_ptr<enforce::Recorder> recorder;
        runtime::WorkerThread* thread = nullptr;
    };
    std::array<Recording, most_recorders> recordings_;
};

}  // namespace garita::programs
