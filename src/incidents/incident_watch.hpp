#pragma once
// Polls a SIEM: each new incident becomes an alert, each change of one that is known is shown on its case.
//
// Nothing is lost: the place up to which the SIEM was read moves on only when everything of the window is in
// the store; each poll looks back a minute behind it, and every minute a longer time (`look_back`), for
// incidents that the SIEM shows late. Nothing is told twice: an incident's id is the alert's uid.

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "incidents/incident_cases.hpp"
#include "incidents/incident_source.hpp"
#include "incidents/known_incidents.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::incidents {

struct WatchOptions {
    std::string source;  ///< of alerts: "maxpatrol.soc"
    std::chrono::seconds interval{5};
    std::chrono::seconds first_look{std::chrono::hours{24}};  ///< how far back the first poll of all goes
    std::optional<Time> begin{};  ///< instead, where it is known how far somebody has told them
    std::chrono::seconds look_back{std::chrono::hours{1}};
    std::size_t max_events = 5;
};

class IncidentWatch final : public Worker {
  public:
    using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;
    /// All references outlive it. `clock` measures how long the SIEM takes.
    IncidentWatch(IncidentSource& siem, store::Store& store, WatchOptions options, SteadyClock clock);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;

  private:
    struct Fresh {
        Incident incident;
        Facts facts;
        bool complete = true;  ///< with its events
    };

    Result<void> open(Time now);
    Result<void> look_for_new(Time now);
    /// One page; returns how many entries it had.
    Result<std::size_t> take_page(const Page& page, Time& newest, Time now);
    std::vector<Fresh> describe(const std::vector<const Incident*>& incidents);
    [[nodiscard]] tl::unexpected<Error> same_page(std::size_t offset, std::int64_t total) const;
    Result<void> keep_place(Time newest, Time now);
    Result<void> look_for_changes(Time now);
    Result<void> complete_some(Time now);
    void find_what_is_over(store::View& view);
    Result<void> end_what_is_over(Time now);
    Result<void> bring_up_to_date(const Incident& incident, Time now);

    IncidentSource& siem_;
    store::Store& store_;
    WatchOptions options_;
    SteadyClock clock_;
    std::string name_;
    KnownIncidents known_;
    bool opened_ = false;
    Time start_{};                        ///< what was made before it is nobody's business
    Duration back_{};                     ///< how far this step looks back
    Time complete_next_{};                ///< not before it are events asked for again
    Time place_{};                        ///< incidents made up to here are in the store
    Time looked_back_{};                  ///< when the last poll with the longer look back was
    Time changes_from_{};                 ///< changes up to here are in the store
    std::deque<std::string> incomplete_;  ///< ids whose events could not be had yet
    std::deque<std::string> over_;        ///< ids that were over when they were first seen, with open cases
};

}  // namespace garita::incidents
