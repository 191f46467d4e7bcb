#pragma once
// The agent's rules of classes: its copy of what the hub wants, what keeps the host so, and the link to the
// hub about them.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/hub_link/class_sync.hpp"
#include "enforce/class_reconciler.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/log/log.hpp"
#include "runtime/worker/runner.hpp"

namespace garita::programs {

/// Keeps the host as the copy says: a reconciler over all classes of which a full set has ever come. Before
/// that nobody knows what should be there, and what is there stays.
class HostRuleWork final : public Worker {
  public:
    /// `progress` is called after a step that brought something to tell.
    HostRuleWork(std::string host, store::HeldClasses& copy, std::vector<enforce::KeptClass> classes,
                 std::function<Time()> clock, const runtime::Log& log);
    void on_progress(std::function<void()> progress) { progress_ = std::move(progress); }

    [[nodiscard]] std::string_view name() const override { return "rules of this host"; }
    Result<Duration> step(Time now) override;

    /// Any thread.
    [[nodiscard]] std::vector<enforce::ClassStatus> statuses() const;
    [[nodiscard]] std::future<Result<std::vector<enforce::ClassStatus>>> ask(
        enforce::ClassReconciler::Request request, const std::string& rules);

  private:
    [[nodiscard]] Result<std::vector<std::string>> ready() const;
    void make_reconciler(const std::vector<std::string>& ready);
    void tell();

    const std::string host_;
    store::HeldClasses& copy_;
    const std::vector<enforce::KeptClass> classes_;
    const std::function<Time()> clock_;
    const runtime::Log log_;
    std::function<void()> progress_ = [] {};
    std::atomic<bool> recorded_ = false;
    std::atomic<bool> asked_ = false;
    /// A step that answers somebody may take long, with changes between: they are told at once. The worker's
    /// alone.
    bool somebody_asked_ = false;
    std::vector<std::string> kept_;
    std::vector<enforce::ClassStatus> told_;
    mutable std::mutex mutex_;  ///< over the pointer, for others than the worker
    std::shared_ptr<enforce::ClassReconciler> reconciler_;
};

/// Carries out what people ask of the host's rules, one after the other.
class HostRuleOrders final : public Worker {
  public:
    HostRuleOrders(HostRuleWork& work, std::function<void()> wake_work,
                   std::function<void(hub_link::ClassOrderAnswer)> answer)
        : work_(work), wake_work_(std::move(wake_work)), answer_(std::move(answer)) {}
    [[nodiscard]] std::string_view name() const override { return "rules orders"; }
    Result<Duration> step(Time now) override;
    /// Any thread.
    void add(const hub_link::ClassOrder& order);
    void stop() { stopped_ = true; }

  private:
    [[nodiscard]] Result<std::vector<enforce::ClassStatus>> carry_out(const hub_link::ClassOrder& order);

    HostRuleWork& work_;
    std::function<void()> wake_work_;
    std::function<void(hub_link::ClassOrderAnswer)> answer_;
    std::atomic<bool> stopped_ = false;
    std::mutex mutex_;
    std::deque<hub_link::ClassOrder> waiting_;
};

class HostRules final : public hub_link::ClassParticipant {
  public:
    struct World {
        /// Which of the agent's parts keeps a class; the error says why none can.
        std::function<Result<enforce::ClassBackend*>(const std::string& rules)> backend;
        hub_link::AgentIdentity& identity;
        std::function<Time()> clock;
        std::function<void(const std::string&)> refused;  ///< an answer that is not the hub's own
    };
    /// Null where the configuration names no classes. What `world` refers to outlives it.
    [[nodiscard]] static Result<std::unique_ptr<HostRules>> open(const runtime::AgentConfig& config,
                                                                 const World& world, const runtime::Log& log);
    void start(runtime::WorkerGroup& workers);
    /// Before the workers are stopped.
    void stop();

    // hub_link::ClassParticipant
    std::vector<enforce::ClassStatus> statuses() override;
    void rules_taken() override { wake_work(); }
    void ordered(const hub_link::ClassOrder& order) override;
    void disagreement(const std::string& rules, const std::string& what) override;
    void orders_refused(const std::string& why) override { world_.refused(why); }

  private:
    HostRules(const runtime::AgentConfig& config, const World& world, const runtime::Log& log,
              std::unique_ptr<store::HeldClasses> copy, std::vector<enforce::KeptClass> classes,
              std::vector<enforce::ClassStatus> not_kept);
    void wake_work();

    const World world_;
    const runtime::Log log_;
    std::unique_ptr<store::HeldClasses> copy_;
    const std::vector<enforce::ClassStatus> not_kept_;  ///< with the reason
    HostRuleWork work_;
    hub_link::ClassSync sync_;
    HostRuleOrders orders_;
    std::atomic<runtime::WorkerThread*> work_thread_ = nullptr;
    std::atomic<runtime::WorkerThread*> orders_thread_ = nullptr;
};

}  // namespace garita::programs
