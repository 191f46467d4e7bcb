#pragma once
// What the planner keeps: the board of all probes, and whose turn it is.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scan/course.hpp"
#include "scan/late_choice.hpp"
#include "scan/late_rounds.hpp"
#include "scan/network_pace.hpp"
#include "scan/planner.hpp"

namespace garita::scan {

class Planner::Plan {
  public:
    Plan(const Job& job, const Asking& asking, Time now);

    [[nodiscard]] std::size_t next(std::span<Probe> out, Time now);
    [[nodiscard]] Time wake() const;
    [[nodiscard]] bool done() const { return ended_ == entries_.size() && !late_.active(); }
    News answered(const Probe& probe, Answer answer, Time at);
    void unclear(const Probe& probe, std::string_view why, Time at);
    void put_back(std::span<const Probe> probes, Time now);
    void receive_drops(std::uint64_t count) {
        pace_.receive_drops(count);
        drops_ += count;
    }
    void give_up(std::uint32_t target, std::string_view why);
    void release(std::uint32_t target, std::optional<Duration> round_trip);
    [[nodiscard]] std::vector<Probe> take_expired() { return std::exchange(expired_, {}); }
    [[nodiscard]] PortState state(std::uint32_t target, Port port) const;
    [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
    [[nodiscard]] std::uint64_t probes_sent() const { return sent_; }
    [[nodiscard]] Progress progress(Time now) const;
    [[nodiscard]] Report report(Report::End end, Time now) const;

  private:
    enum class Place : std::uint8_t { held, queued, ready, parked, ended };
    struct Entry {
        std::uint32_t base = 0;  ///< of its cells
        std::uint32_t set = 0;
        Place place = Place::queued;
        Time wake{};  ///< of the parked
        Time deadline = Time::max();
        std::optional<Duration> round_trip;  ///< the neighbour's, then its own
        std::unique_ptr<Course> course;      ///< while it is asked
        std::uint32_t why = 0;               ///< place in reasons_, of what is unknown in the end
        double misses = 0;
        bool limiting = false;
        bool given_up = false;
    };
    struct Parked {
        Time wake;
        std::uint32_t target;
        bool operator<(const Parked& other) const { return wake > other.wake; }
    };
    /// The counts of a course before something was done to it, so that the sums can follow.
    struct Before {
        std::uint32_t in_flight;
        std::uint32_t unjudged;
        std::uint32_t unsent;
        std::uint32_t lagging;
    };
    [[nodiscard]] static Before before(const Course& course);
    void follow(std::uint32_t target, const Before& was);

    [[nodiscard]] std::span<Cell> cells(const Entry& entry);
    [[nodiscard]] std::span<const Cell> cells(const Entry& entry) const;
    void begin_more(Time now);
    void begin(std::uint32_t target, Time now);
    void end(std::uint32_t target);
    void park(std::uint32_t target, Time wake);
    void make_ready(std::uint32_t target);
    void wake_parked(Time now);
    void evaluate(Time now);
    void make_room(Time now);
    [[nodiscard]] std::optional<Probe> ask(std::uint32_t target, Time now);
    News answer_after_end(Entry& entry, Port port, Answer answer);
    [[nodiscard]] std::vector<LateChoice::Target> judged_board() const;
    [[nodiscard]] LateRounds::Question late_question(const LateChoice::Silent& silent) const;
    void begin_late();
    [[nodiscard]] std::size_t next_late(std::span<Probe> out);
    void take_late(std::uint32_t target, Port port, Time at);
    [[nodiscard]] std::uint32_t reason(std::string_view why);
    [[nodiscard]] TargetResult result(std::uint32_t target) const;
    void add_warnings(Report& report) const;
    /// Who loses or limits, as long as it is a matter of few hosts and not of the way to all.
    void add_warnings_of_hosts(Report& report) const;

    const Job& job_;
    Asking asking_;
    CourseRules rules_;
    std::vector<PortIndex> sets_;
    std::map<std::uint32_t, ShuffledPorts> shuffled_;  ///< by size: sets of one size share an order
    std::vector<Cell> board_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> released_;  ///< to be begun, in this order
    std::size_t begun_of_released_ = 0;
    std::deque<std::uint32_t> ready_;
    std::priority_queue<Parked> parked_;
    NetworkPace pace_;
    LateRounds late_;
    RoundTrip round_trip_;  ///< of all targets
    std::vector<std::string> reasons_{""};
    std::unordered_map<std::uint32_t, std::vector<std::pair<Port, std::uint32_t>>> unclear_;
    std::vector<Probe> expired_;
    Time started_;
    Time now_;
    std::size_t active_ = 0;
    std::size_t most_active_;
    std::size_t ended_ = 0;
    std::size_t in_flight_ = 0;
    std::size_t most_in_flight_;
    std::uint64_t total_ = 0;
    std::uint64_t unjudged_ = 0;
    std::uint64_t unsent_ = 0;
    std::uint64_t lagging_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t drops_ = 0;
    std::uint64_t answers_ = 0;
    std::uint64_t again_ = 0;  ///< answers that show a loss, of targets that are not suspected
    enum class Waiting : std::uint8_t { targets, pace, window } waiting_ = Waiting::targets;
};

}  // namespace garita::scan
