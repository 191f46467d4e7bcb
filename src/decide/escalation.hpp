#pragma once
// Leads open cases from step to step of on call, and ends acknowledgements. What it finds due it writes into
// the case, together with the audit row, so each step of a case is taken once; whoever tells people follows
// from the case.

#include <optional>
#include <vector>

#include "decide/desk_options.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::decide {

class Escalation final : public Worker {
  public:
    Escalation(store::Store& store, const DeskOptions& options) : store_(store), options_(options) {}

    [[nodiscard]] std::string_view name() const override { return "desk escalation"; }
    /// After a start, a sleep of the machine or a jump of the clock a moment passes first: answers that
    /// people gave meanwhile are to be heard before anybody is woken.
    Result<Duration> step(Time now) override;
    /// A flood of new cases wakes it for each commit, and it looks at all that are open.
    [[nodiscard]] Duration rest() const override { return rest_; }

  private:
    struct Outlook {
        std::vector<CaseId> due;
        std::optional<Time> next;
    };

    [[nodiscard]] bool in_grace(Time now);
    /// As configured. Where nobody is on call, only what was taken on before comes to its end.
    [[nodiscard]] const OnCall& on_call() const { return options_.on_call ? *options_.on_call : nobody_; }
    /// Since when there is somebody on call, kept in the store; cases from before go no step.
    Result<void> keep_since(Time now);
    Result<void> forget_since();
    Result<Outlook> look(Time now);
    Result<void> lead_on(const std::vector<CaseId>& due, Time now);
    void lead_on(store::Transaction& transaction, CaseId id, Time now) const;

    store::Store& store_;
    const DeskOptions& options_;
    std::optional<Time> since_;
    bool forgotten_ = false;
    Duration rest_ = std::chrono::milliseconds{500};
    const OnCall nobody_{};
    std::optional<Time> last_step_;
    std::optional<Time> grace_until_;
};

}  // namespace garita::decide
