#pragma once
// All that is done at one switch: one login at a time, and in it everything that is due there: devices that
// were seen at its ports, work that a crash cut short, and what it is asked about devices that are awaited.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/desk.hpp"
#include "access/monitor.hpp"
#include "access/port_work.hpp"
#include "access/session_notes.hpp"
#include "model/worker.hpp"

namespace garita::access {

struct SwitchRoomSettings {
    SwitchLogin login;
    std::vector<PortName> never;  ///< ports that are not touched
    DryRun dry_run = DryRun::no;  ///< of everything at this switch
};

/// Woken by Topic::access. A switch that is away is tried again by itself, ever more seldom; one that refuses
/// the login, or shows another key, only after retry() or a new start.
class SwitchRoom final : public Worker {
  public:
    struct Tools {
        store::Store& store;
        store::AccessBook& book;
        const Correspondence& letters;
        SwitchDriver& driver;
        std::function<Time()> clock;
    };
    SwitchRoom(const Tools& tools, SwitchRoomSettings settings);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;

    /// Any thread.
    [[nodiscard]] SwitchStanding standing() const;
    /// Any thread: whatever is due is tried with the next step. Wake the worker.
    void retry();

  private:
    struct Due {
        std::vector<AccessRequest> requests;  ///< those that a crash cut short first
        std::vector<AccessSurvey> surveys;
        std::optional<Time> next;  ///< when something else is due
        [[nodiscard]] bool empty() const { return requests.empty() && surveys.empty(); }
        [[nodiscard]] AccessId first() const {
            return requests.empty() ? surveys.front().request : requests.front().id;
        }
    };
    enum class Session { goes_on, ended };

    [[nodiscard]] Result<Due> look(Time now);
    [[nodiscard]] bool is_due(store::View& view, const AccessSurvey& survey);
    [[nodiscard]] Result<Duration> not_open(const Due& due, const Error& error);
    [[nodiscard]] Result<Session> work(SwitchSession& session, const Due& due);

    [[nodiscard]] PortOrder order_of(const AccessRequest& request) const;
    /// When a device that was not found at this port may be looked for there again; nothing: now.
    [[nodiscard]] std::optional<Time> not_before(const AccessRequest& request, Time now) const;
    /// An error: somebody wants the work taken back.
    [[nodiscard]] Result<void> not_killed(AccessId request);
    [[nodiscard]] Result<void> keep(AccessId request, const std::string& journal);
    [[nodiscard]] PortOutcome carry_out(SwitchSession& session, const AccessRequest& request);
    [[nodiscard]] Result<void> finish(SwitchSession& session, const AccessRequest& request,
                                      const PortOutcome& outcome);
    enum class Here { yes, no, not_told };
    [[nodiscard]] Here is_here(SwitchSession& session, const AccessRequest& request,
                               const PortOutcome& outcome);
    [[nodiscard]] Result<void> end(store::Transaction& transaction, AccessRequest row,
                                   const PortOutcome& outcome, Time now);
    [[nodiscard]] Result<void> wait_on(store::Transaction& transaction, AccessRequest row);
    [[nodiscard]] Result<void> try_later(store::Transaction& transaction, AccessRequest row,
                                         const PortOutcome& outcome, Time now);

    [[nodiscard]] std::string objection_at(SwitchSession& session, const PortName& port) const;
    [[nodiscard]] std::optional<PortOutcome> held_elsewhere(const AccessRequest& request);
    [[nodiscard]] Result<Session> ask(SwitchSession& session, AccessSurvey survey);
    [[nodiscard]] Result<Session> clear(SwitchSession& session, AccessSurvey survey,
                                        const AccessRequest& request);
    /// With a letter to all of `notify` where there is one.
    [[nodiscard]] Result<void> put(const AccessSurvey& survey,
                                   const std::optional<LetterText>& trouble = std::nullopt);
    [[nodiscard]] LetterText not_taken_out(const AccessRequest& request, const AccessSurvey& survey,
                                           const PortOutcome& outcome) const;
    void write_notes(store::Transaction& transaction, std::vector<AccessLine>& lines);

    void set(SwitchStanding::State state, const std::string& error, std::optional<Time> next_try);
    /// After so many failures in a row, from 1: doubled each time.
    [[nodiscard]] static Duration back_off(int failures);

    Tools tools_;
    const SwitchRoomSettings settings_;
    const std::string name_;  ///< "switch sw1"
    RequestCloser closer_;
    SessionNotes notes_;
    bool eager_ = true;       ///< the next look is at everything, whenever it is to be tried again
    bool told_ = false;       ///< that it may not be logged in to
    bool overtaken_ = false;  ///< the request that is worked on was ended by somebody before anything changed
    int failures_ = 0;        ///< to log in, in a row
    /// Where a device was not found to be, and when: whoever forges events shall not keep a switch busy.
    std::map<std::pair<AccessId, PortName>, Time> not_here_;
    mutable std::mutex mutex_;  ///< over what is below
    SwitchStanding standing_;
    bool retry_ = false;
};

}  // namespace garita::access
