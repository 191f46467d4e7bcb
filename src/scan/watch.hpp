#pragma once
// Keeps looking whether the ports that are open are those that are specified, and tells people when not.

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/worker.hpp"
#include "scan/answers.hpp"
#include "scan/port_desk.hpp"
#include "scan/side_round.hpp"

namespace garita::scan {

/// What the watch stands on; all outlive it.
struct WatchGround {
    store::Store& store;
    store::PortBook& book;
    Eyes eyes;
    SpecificationEditor* editor = nullptr;  ///< null: accepted differences stay in the store
    /// Of a scan that failed, or is less sure than it looks.
    std::function<void(const std::string&)> warn = [](const std::string&) {};
    std::function<void()> wake = [] {};  ///< the worker; any thread
    std::optional<Eyes>
        side_eyes{};  ///< others, for hosts with ports of UDP, which take long; nothing: `eyes`
};

/// A worker of its own thread: a step blocks as long as its scan takes. What it finds, what it tells and when
/// it looks again are one transaction.
class PortWatch final : public Worker, public PortDesk {
  public:
    PortWatch(WatchGround ground, Specification specification, WatchOptions options);
    ~PortWatch() override { cancel(); }
    PortWatch(const PortWatch&) = delete;
    PortWatch& operator=(const PortWatch&) = delete;

    [[nodiscard]] std::string_view name() const override { return "port watch"; }
    Result<Duration> step(Time now) override;

    /// Any thread, holding nothing that `wake` needs; ends a scan under way.
    void cancel();
    [[nodiscard]] bool scan_now(std::string_view host) override;
    [[nodiscard]] Result<std::vector<HostStatus>> status() const override;
    [[nodiscard]] Result<std::vector<PortEvent>> history(std::string_view host,
                                                         std::size_t limit) const override;

  private:
    struct Change {
        HostPorts row;
        WantedPorts wanted;
    };
    Result<void> load(Time now);
    Result<bool> take_answers(Time now);
    Result<void> take(const PortAnswer& answer, Time now);
    [[nodiscard]] Neighbours neighbours_of(const Subject& subject, const HostPorts& row) const;
    /// What is to be looked at now: at once, and aside.
    struct Due {
        SideRound::Looks now;
        SideRound::Looks aside;
    };
    [[nodiscard]] Due due(Time now);
    [[nodiscard]] std::set<std::string> take_asked_for();
    [[nodiscard]] bool waits_for_side(const Subject& subject, const HostPorts* row) const;
    std::size_t sort_in(Due& all, SideRound::Looks looks, bool asked_for, const Entry& entry);
    Result<void> take_side(Time now);
    [[nodiscard]] Duration wait_from(Time now) const;
    [[nodiscard]] bool is_asked_for(const Entry& entry, const std::set<std::string>& asked_for) const;
    void add_looks(std::vector<Look>& looks, const Entry& entry, Time horizon, bool asked_for,
                   std::set<std::string>& networks) const;
    [[nodiscard]] Look make_look(const Subject& subject, Look::Kind kind) const;
    Result<void> look_round(const SideRound::Looks& round, Time now);
    Result<void> conclude(const SideRound::Looks& round, const std::vector<Observation>& found, Time now);
    [[nodiscard]] Silence silence_of(const std::vector<Look>& looks, const std::vector<Observation>& found,
                                     Time now) const;
    void ask_others(std::vector<Change>& changes, Time now) const;
    Result<void> tell_again(Time now);
    Result<void> write(std::vector<Change> changes, std::vector<PortEvent> events, Time now);
    void tell_common(store::Transaction& transaction, std::map<std::string, Change>& changes, Time now);
    [[nodiscard]] HostPorts row_of(const std::string& host) const;
    [[nodiscard]] const HostPorts* find_row(const std::string& host) const;
    [[nodiscard]] Time due_at(const Subject& subject, Time now) const;
    [[nodiscard]] Duration until_next(Time now) const;
    [[nodiscard]] bool names_fail(const std::vector<Look>& looks, const std::vector<Observation>& found);
    Result<void> prune(Time now);

    const WatchGround ground_;
    const WatchOptions options_;
    mutable std::mutex mutex_;  ///< over what other threads ask for
    Specification specification_;
    std::set<std::string> asked_for_;
    std::set<std::string> under_way_;  ///< what this round was asked for
    std::stop_source stop_;

    std::unordered_map<std::string, HostPorts> rows_;  ///< as in the store; of the worker's thread
    bool loaded_ = false;
    bool names_are_out_ = false;
    Time pruned_at_{};
    std::optional<SideRound> side_;  ///< goes first
};

}  // namespace garita::scan
