#pragma once
// Carries out what happens once on this host, at most once per id over all restarts.

#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "enforce/host_control.hpp"
#include "model/action.hpp"
#include "model/worker.hpp"
#include "store/agent_store.hpp"

namespace garita::enforce {

/// An order as the agent got it. The hub says for how long it still holds, not until when: so the two clocks
/// need not agree.
struct DueAction {
    ActionId id;
    ActionOrder order;
    Time not_after{};  ///< by the runner's clock
};

/// Orders on their way to the runner; the hub gives them again until it has a result. Any thread.
class ActionInbox {
  public:
    void offer(const std::vector<DueAction>& actions) {
        const std::lock_guard lock(mutex_);
        for (const auto& action : actions)
            if (waiting_.size() < most_held) waiting_.push_back(action);
    }
    [[nodiscard]] std::optional<DueAction> take() {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) return std::nullopt;
        const auto first = waiting_.front();
        waiting_.pop_front();
        return first;
    }

  private:
    static constexpr std::size_t most_held = 10000;
    std::mutex mutex_;
    std::deque<DueAction> waiting_;
};

class ActionRunner final : public Worker {
  public:
    /// All outlive it. `finished` is called after a result is stored, so that it is reported at once.
    ActionRunner(store::AgentStore& store, HostControl& host, ActionInbox& inbox,
                 std::function<void()> finished)
        : store_(store), host_(host), inbox_(inbox), finished_(std::move(finished)) {}

    [[nodiscard]] std::string_view name() const override { return "action runner"; }
    /// One action.
    Result<Duration> step(Time now) override;

  private:
    store::AgentStore& store_;
    HostControl& host_;
    ActionInbox& inbox_;
    std::function<void()> finished_;
    std::optional<store::ActionReport> unsaved_;  ///< done in the world, not yet in the store

    Result<void> run(const DueAction& due, Time now);
    Result<void> save(Time now);
};

}  // namespace garita::enforce
