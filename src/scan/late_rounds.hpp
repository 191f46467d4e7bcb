#pragma once
// Ports that were silent where an answer was to be expected are asked again a good while later: a listener
// whose queue is full drops what comes, as a firewall does, but it does so only for a moment.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/time.hpp"
#include "scan/planner.hpp"

namespace garita::scan {

/// A first round a second after everything else is judged, and others as long as each brings answers. The
/// questions of a round are spread, more thinly from one to the next. No clock, no socket.
class LateRounds {
  public:
    static constexpr unsigned most_rounds = 10;

    struct Question {
        std::uint32_t target = 0;
        Port port = 0;
        std::uint8_t attempts = 0;  ///< made before
        Duration after{};           ///< not sooner in a round: its host is not to be asked all at once
        Time until = Time::max();   ///< when the time for its host is over
    };

    /// `wait`: for each answer. Once.
    void begin(const std::vector<Question>& questions, Duration wait, Time now);
    /// Begun, and not over.
    [[nodiscard]] bool active() const { return active_; }

    /// Ends the waiting for what is overdue, and rounds; to be called before next().
    void tick(Time now);
    /// The next question, if one may go out now.
    [[nodiscard]] std::optional<Probe> next(Time now);
    /// When tick() or next() may have something although no answer came.
    [[nodiscard]] Time wake() const;
    [[nodiscard]] std::size_t under_way() const { return under_way_; }
    /// What has expired since the last call.
    [[nodiscard]] std::vector<Probe> take_expired();

    /// When the question was asked; nothing: it was not asked here, or is answered.
    std::optional<Time> answered(std::uint32_t target, Port port);
    /// Nothing more can be found out about this target.
    void drop(std::uint32_t target);
    /// It has never left, and comes again.
    void put_back(const Probe& probe, Time now);

  private:
    enum class State : std::uint8_t { waiting, under_way, expired, answered };
    struct Asked {
        Question question;
        State state = State::waiting;
        Time sent{};
    };
    struct Due {
        Time at;
        std::uint32_t place;  ///< in asked_
    };
    [[nodiscard]] Probe probe_of(const Question& question) const;
    [[nodiscard]] Asked* find(std::uint32_t target, Port port);
    void plan_round(Time begin);
    void forget_answered();

    std::vector<Asked> asked_;
    std::unordered_map<std::uint64_t, std::uint32_t> places_;  ///< in asked_, by target and port
    std::vector<Due> order_;                                   ///< of this round
    std::size_t at_ = 0;                                       ///< what of it comes next
    std::deque<std::uint32_t> sent_;                           ///< places in asked_, the oldest first
    std::vector<Probe> expired_;
    Duration wait_{};
    std::size_t under_way_ = 0;
    std::uint64_t found_ = 0;  ///< answers in this round
    unsigned rounds_ = 0;
    bool active_ = false;
};

}  // namespace garita::scan
