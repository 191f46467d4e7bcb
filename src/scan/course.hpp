#pragma once
// The asking of one target, from its first probe to the last judgement.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/time.hpp"
#include "scan/cell.hpp"
#include "scan/loss.hpp"
#include "scan/planner.hpp"
#include "scan/port_index.hpp"
#include "scan/port_order.hpp"
#include "scan/round_trip.hpp"
#include "scan/sweep.hpp"
#include "scan/target_pace.hpp"

namespace garita::scan {

/// What holds for all targets of a job.
struct CourseRules {
    const Asking* asking;
    const Limits* limits;
    Transport transport = Transport::tcp;
    double expected_loss = 0.01;               ///< of round trips, as the other targets show it
    std::optional<Duration> network_patience;  ///< as the other targets show it
    double misses_borne = 0.01;                ///< expected of each target
    std::uint64_t answers = 0;                 ///< of all targets, since the last of `cuts`
    std::uint64_t again = 0;                   ///< of them, to later attempts than the first
    unsigned cuts = 0;                         ///< how often the whole scan was found to be too fast
};

class Course {
  public:
    /// `cells`: one for each port of `ports`. What is known already stays.
    Course(const PortIndex& ports, const PortOrder& order, std::span<Cell> cells, const CourseRules& rules,
           Time now);

    struct Question {
        Port port;
        std::uint8_t attempt;
    };
    /// The next probe, if one may go out now. Nothing: not before wake(), or finished().
    [[nodiscard]] std::optional<Question> next(Time now);
    [[nodiscard]] Time wake() const { return wake_; }
    /// Ends the waiting for what is overdue, without asking anything.
    void tick(Time now) {
        if (now < not_before_) return;
        expire(now);
        settle();
    }
    /// Every port is judged.
    [[nodiscard]] bool finished() const { return unjudged_ == 0; }

    Planner::News answered(Port port, unsigned attempt, Answer answer, Time at);
    Planner::News unclear(Port port);
    void put_back(Port port);
    /// Whatever is not judged is unknown.
    void give_up();
    /// A first guess of the round trip: what the neighbour's answer took.
    void guess(Duration round_trip) { guess_ = round_trip; }

    [[nodiscard]] std::uint32_t unjudged() const { return unjudged_; }
    [[nodiscard]] std::uint32_t in_flight() const { return in_flight_; }
    [[nodiscard]] std::uint32_t unsent() const { return unsent_; }
    [[nodiscard]] std::uint32_t lagging() const { return lagging_; }
    [[nodiscard]] const RoundTrip& round_trip() const { return round_trip_; }
    /// How much longer answers take than they could: somewhere on the way they queue.
    [[nodiscard]] Duration queueing() const { return queueing_; }
    [[nodiscard]] const TargetPace& pace() const { return pace_; }
    /// Ports that would have answered and were probably lost at every attempt, when it ended too early.
    [[nodiscard]] double misses() const { return misses_; }
    [[nodiscard]] Duration patience() const;
    /// Asking::Expiry::tell: what has expired; to be emptied by whoever reads it.
    [[nodiscard]] std::vector<Question>& expired() { return expired_; }

  private:
    [[nodiscard]] Cell& cell(std::uint32_t place) { return cells_[order_.at(place)]; }
    [[nodiscard]] Duration patience_of(std::size_t sweep) const;
    [[nodiscard]] unsigned sweeps_wanted() const;
    [[nodiscard]] double share_lost() const;
    [[nodiscard]] bool at_the_tail() const;
    [[nodiscard]] bool fell_silent() const;
    [[nodiscard]] bool window_full() const;
    [[nodiscard]] bool others_lose() const;
    void expire(Time now);
    void plan_expiry();
    void expire_sweep(std::size_t sweep, Time now);
    void expire_place(std::uint32_t place);
    void settle();
    [[nodiscard]] std::optional<std::uint32_t> choose();
    [[nodiscard]] std::optional<std::uint32_t> look(std::size_t sweep);
    [[nodiscard]] Question send(std::uint32_t place, Time now);
    void begin_sweep();
    void end_or_go_on(Time now);
    void shrink_window(Time now);
    void start_over(Time now);
    void judge_silent();
    void take(Cell& cell, Mark mark);
    void time_answer(std::uint32_t number, unsigned attempt, Time at);
    void measured(Duration round_trip);
    void plan_wake(Time now);

    const PortIndex* ports_;
    std::span<Cell> cells_;
    const CourseRules* rules_;
    PortOrder order_;
    std::vector<Sweep> sweeps_;
    Loss loss_;
    RoundTrip round_trip_;
    std::optional<Duration> guess_;
    TargetPace pace_;
    std::uint32_t unjudged_ = 0;
    std::uint32_t in_flight_ = 0;
    std::uint32_t unsent_ = 0;   ///< never sent
    std::uint32_t lagging_ = 0;  ///< sent, expired, not answered
    unsigned window_;
    unsigned wanted_ = 2;        ///< sweeps, as far as can be told now
    unsigned extra_sweeps_ = 0;  ///< for what was put back
    enum class Withdrawn : std::uint8_t {
        none,
        some
    } withdrawn_ = Withdrawn::none;  ///< since the last sweep began
    unsigned fresh_starts_ = 0;
    unsigned lulls_ = 0;  ///< fresh starts because nothing came through for a while
    unsigned cuts_seen_;
    std::size_t chosen_ = 0;  ///< the sweep for which choose() found a place
    double misses_ = 0;
    Time begun_;  ///< the first sweep, also after a fresh start
    Time wake_;
    Time not_before_;
    Time no_shrink_before_;
    Time no_expiry_before_{};  ///< as long as nothing of these has changed
    Duration expiry_patience_{};
    std::uint32_t expiry_again_ = 0;
    enum class Tail : std::uint8_t { ahead, reached } expiry_tail_ = Tail::ahead;
    std::uint32_t timed_number_ = 0;  ///< the probe whose answer measures the round trip
    unsigned timed_attempt_ = 0;      ///< 0: none
    Time timed_at_;
    Time late_noted_;                ///< when an answer last came after its patience
    std::optional<Duration> least_;  ///< round trip
    Duration queueing_{};
    std::vector<Question> expired_;
};

}  // namespace garita::scan
