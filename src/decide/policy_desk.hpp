#pragma once
// What people do with policies: look at them, let a suspended one act again, take back what one did.

#include <map>
#include <string>
#include <vector>

#include "decide/desk_options.hpp"
#include "decide/suspension.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::decide {

struct PolicyState {
    std::string name;
    Policy policy;
    std::size_t done_lately = 0;  ///< automatic answers within the cap's span, or that of all policies
    std::optional<Suspension> suspended;
};

struct UndoOrder {
    std::string policy;  ///< its name, or its number in the list
    Time since{};
    enum class How { carry_out, count_only } how = How::carry_out;
    Actor by;
};

struct UndoOutcome {
    std::string policy;
    std::size_t decisions = 0;        ///< blocks that the policy decided since then
    std::size_t unset = 0;            ///< rules taken back, or that would be
    std::size_t kept_for_people = 0;  ///< rules that people, or another policy, wanted too
    std::size_t over = 0;             ///< rules that had ended already
    std::size_t other_effects = 0;    ///< closed sessions and restarts, which nobody can take back
};

class PolicyDesk final : public Worker {
  public:
    /// Store and options outlive it.
    PolicyDesk(store::Store& store, const DeskOptions& options) : store_(store), options_(options) {}

    [[nodiscard]] Result<std::vector<PolicyState>> list(Time now);
    /// Closes the case that asks about it, too. Needs the role approver. Errors: forbidden, not_found (no
    /// such policy), conflict (it is not suspended), the store's own.
    [[nodiscard]] Result<std::string> resume(const std::string& policy, const Actor& by, Time now);
    /// Unsets every block of the policy's decisions since then that nobody else wanted. In transactions of
    /// bounded size; repeating it after a failure is harmless. Needs the role approver, counting operator.
    [[nodiscard]] Result<UndoOutcome> undo(const UndoOrder& order, Time now);

    [[nodiscard]] std::string_view name() const override { return "desk undo"; }
    /// Carries out the answer "undo" to cases about runaway policies.
    Result<Duration> step(Time now) override;

  private:
    struct Place {
        Time at{};
        DecisionId id;
    };
    [[nodiscard]] Result<std::string> find(const std::string& policy) const;
    /// One batch from the place on; false: there was nothing more.
    [[nodiscard]] Result<bool> undo_batch(const UndoOrder& order, Place& place, UndoOutcome& outcome,
                                          Time now);
    [[nodiscard]] Result<void> finish(CaseId id, const UndoOutcome& outcome, Time now);

    store::Store& store_;
    const DeskOptions& options_;
};

}  // namespace garita::decide
