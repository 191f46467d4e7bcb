#pragma once
// Which probes go out, when, and what their answers or their silence mean. Knows no socket and no clock: both
// engines (connect, syn) and UDP are made of it, and its tests move the time.
//
// How an engine works with it, from one thread or under one lock:
//
//     while (!planner.done() && !stop.stop_requested()) {
//         const Time now = clock();
//         … take in what has arrived: planner.answered(probe, Answer::open, now) …
//         const auto count = planner.next(batch, now);      // what may go out at this moment
//         … send them; what the system would not send: planner.put_back(those, now) …
//         if (count == 0) … wait for an answer, at most until planner.wake() …
//     }
//     return planner.report(planner.done() ? Report::End::complete : Report::End::stopped, clock());
//
// How it thinks: every target is asked in an order of its own (keyed permutation of its ports), the targets
// take turns. A *sweep* goes over a target's ports once; the next one follows behind as soon as the patience
// (round trip + 4 × variance) has passed, and asks again what has not answered. How many sweeps there are
// depends on how much this target loses: as many as make the expected number of missed ports, of
// the whole job, less than 0.01. A port that has not answered by then is filtered.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/port_set.hpp"
#include "model/time.hpp"
#include "scan/engine.hpp"

namespace garita::scan {

/// One question to one port.
struct Probe {
    std::uint32_t target = 0;  ///< place in Job::targets
    Port port = 0;
    std::uint8_t attempt = 1;  ///< 1 to Planner::most_attempts; an answer tells which one it belongs to

    friend bool operator==(const Probe&, const Probe&) = default;
};

/// What came back. `forbidden`: an ICMP message about this very probe, which makes the port filtered; for
/// UDP's "port unreachable" say `closed`.
enum class Answer : std::uint8_t { open, closed, forbidden };

/// What kind of engine asks; numbers that it knows better than the planner.
struct Asking {
    std::uint64_t key = 0;  ///< of the order of ports; random in production
    /// Probes a second before answers have shown that the network bears more, where the job has no limit. The
    /// rate then doubles while answers come. 0: without a limit.
    double first_rate = 100'000;
    /// Probes under way to one target at a time: at first, and at most. It grows by one with each answer, and
    /// is halved when a target that used to answer goes silent or loses. 0: no window (raw sockets hold
    /// nothing for a probe).
    unsigned first_window = 0;
    unsigned most_window = 0;
    /// Probes under way in all, such as file descriptors. put_back() lowers it for a while.
    std::size_t most_in_flight = std::size_t{1} << 20;
    /// Targets asked at the same time, where the job does not say.
    unsigned parallel_targets = 4096;
    Duration first_patience = std::chrono::seconds{1};        ///< while no round trip is known
    Duration least_patience = std::chrono::milliseconds{50};  ///< however short the round trip is
    /// tell: take_expired() names the probes whose patience is over, for engines that hold a socket for each.
    enum class Expiry : std::uint8_t { silent, tell } expiry = Expiry::silent;
    /// held: a target is not asked before release(), because its neighbour must be found first.
    enum class Start : std::uint8_t { at_once, held } start = Start::at_once;
};

/// Not thread-safe. All times are of one clock that never goes back, and never before those given earlier
/// (a little earlier does no harm). The job must outlive it. One byte for each probe, and some 2 KB for each
/// target that is being asked.
class Planner {
  public:
    static constexpr unsigned most_attempts = 15;
    /// More probes than this are to be asked in several jobs, see slices(). A single target always fits.
    static constexpr std::size_t most_probes = std::size_t{64} << 20;

    Planner(const Job& job, const Asking& asking, Time now);
    ~Planner();
    Planner(const Planner&) = delete;
    Planner& operator=(const Planner&) = delete;

    /// Fills `out` from its start with probes that are to go out now, and returns how many. Before it is
    /// called, all answers that had arrived by `now` should have been told.
    [[nodiscard]] std::size_t next(std::span<Probe> out, Time now);
    /// When next() may have something again although no answer came; only meaningful after next() gave less
    /// than it was asked for. Far in the future if only answers, or release(), can change anything.
    [[nodiscard]] Time wake() const;
    /// Everything is judged.
    [[nodiscard]] bool done() const;

    enum class News : std::uint8_t { first, known };  ///< whether the state of the port has changed by it
    /// `at`: when the answer arrived. Answers to earlier attempts, to probes given up and repeated ones are
    /// welcome: whatever can be learnt from them is. The caller has made sure that it is no forgery.
    News answered(const Probe& probe, Answer answer, Time at);
    /// The probe showed that nobody can tell (no route, not permitted): unknown, for this reason.
    void unclear(const Probe& probe, std::string_view why, Time at);
    /// Local failure: these have never left (no buffer, no descriptor, no local port). They will come again
    /// as if they had not been given out; and the planner goes slower for a while.
    void put_back(std::span<const Probe> probes, Time now);
    /// Answers that arrived and were lost in this host's own receive queue (PACKET_STATISTICS): the rate is
    /// halved.
    void receive_drops(std::uint64_t count);

    /// Nothing more can be found out about this target; what is not answered is unknown.
    void give_up(std::uint32_t target, std::string_view why);
    /// Asking::Start::held: the target may be asked from now on. `round_trip`: what its neighbour's answer
    /// took, as a first guess.
    void release(std::uint32_t target, std::optional<Duration> round_trip);

    /// Asking::Expiry::tell: probes whose patience is over since the last call; an answer to them would still
    /// be taken. Those of targets given up are among them.
    [[nodiscard]] std::vector<Probe> take_expired();

    [[nodiscard]] PortState state(std::uint32_t target, Port port) const;
    [[nodiscard]] std::size_t in_flight() const;
    [[nodiscard]] std::uint64_t probes_sent() const;
    [[nodiscard]] Progress progress(Time now) const;
    /// What is not judged yet is unknown ("not asked to the end").
    [[nodiscard]] Report report(Report::End end, Time now) const;

  private:
    class Plan;
    std::unique_ptr<Plan> plan_;
};

/// The job in parts of at most `most` probes, targets in their order; one part for nearly every job.
[[nodiscard]] std::vector<Job> slices(const Job& job, std::size_t most = Planner::most_probes);
/// Adds the report of the next slice to those before.
void append(Report& whole, Report&& part);

}  // namespace garita::scan
