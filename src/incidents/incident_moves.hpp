#pragma once
// Tells a SIEM what people have decided, one action at a time, and looks again where somebody asked for it.
// What the SIEM shows afterwards is what the case shows.

#include <functional>
#include <map>
#include <string>

#include "incidents/incident_cases.hpp"
#include "incidents/incident_source.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::incidents {

class IncidentMoves final : public Worker {
  public:
    /// Closes a case whose effects all have their result, or shows how far they are, within a transaction.
    using Settle = std::function<void(store::Transaction&, CaseId, Time)>;

    /// All references outlive it.
    IncidentMoves(IncidentSource& siem, store::Store& store, std::string source, std::size_t max_events,
                  Settle settle);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;
    /// How many actions wait to be tried again.
    [[nodiscard]] std::size_t waiting() const { return retries_.size(); }

  private:
    struct Retry {
        int failures = 0;
        Time at{};
    };
    /// What became of an action, and what the SIEM shows after it.
    struct Outcome {
        ActionState state = ActionState::failed;
        std::string words;
        std::optional<News> news;
    };

    /// False: there was nothing to do.
    Result<bool> move_one(Time now);
    Result<bool> refresh_one(Time now);
    /// Fails where it is not known what came of it.
    Result<Outcome> carry_out(const Action& action);
    Result<Outcome> shown_as(const MoveIncident& order, bool was_moved);
    Result<void> finish(const Action& action, const Outcome& outcome, Time now);
    void try_later(ActionId id, Time now);

    IncidentSource& siem_;
    store::Store& store_;
    std::string source_;
    std::size_t max_events_;
    Settle settle_;
    std::string name_;
    std::map<ActionId, Retry> retries_;
    Time refresh_next_{};
    Duration next_look_{};
};

}  // namespace garita::incidents
