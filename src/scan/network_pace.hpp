#pragma once
// How fast a whole scan goes: fast as long as answers come, half as fast when they get lost.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "model/time.hpp"
#include "scan/token_bucket.hpp"

namespace garita::scan {

class NetworkPace {
  public:
    /// Begins with `first_rate` probes a second (0: as fast as it goes) and never exceeds `most` (0: none).
    NetworkPace(double first_rate, double most, Time now);

    [[nodiscard]] std::size_t available(std::size_t wanted, Time now) {
        const std::size_t count = bucket_.available(wanted, now);
        if (count < wanted) held_back_ = true;
        return count;
    }
    void sent(std::size_t count) {
        bucket_.take(count);
        sent_ += count;
    }
    void put_back(std::size_t count, Time now);
    /// An answer that nothing else explains: of a target that is not known to limit its answers.
    void answered(unsigned attempt) {
        answers_ += 1;
        seen_ += 1;
        if (attempt > 1) again_ += 1;
    }
    void receive_drops(std::uint64_t count) { drops_ += count; }
    /// How much longer answers of a target take than they could.
    void queueing(Duration longer) { queueing_ += (longer - queueing_) / 8; }
    /// When it is worth while to ask again; to be asked when available() gave less than was wanted. At high
    /// rates some go together.
    [[nodiscard]] Time when() const {
        return bucket_.when(static_cast<std::size_t>(std::clamp(bucket_.rate() * 0.001, 1.0, 64.0)));
    }

    /// Judges the last interval, if it is over.
    void evaluate(Time now, Duration round_trip) {
        if (now >= next_) judge(now, round_trip);
    }

    [[nodiscard]] double rate() const { return bucket_.rate(); }  ///< 0: no limit
    [[nodiscard]] double sent_per_second() const { return measured_; }
    /// How often it was slowed down because answers were lost.
    [[nodiscard]] unsigned cuts() const { return cuts_; }
    /// Answers since the cut before the last one, and those of them that show a loss: what the network did
    /// just now is not forgotten because it was slowed down for it.
    [[nodiscard]] std::uint64_t answers() const { return seen_ + seen_before_; }
    [[nodiscard]] std::uint64_t again() const { return again_ + again_before_; }

  private:
    void judge(Time now, Duration round_trip);
    void halve(Time now, double from);
    void set(double rate, Time now);

    TokenBucket bucket_;
    double first_;  ///< what is careful enough without any answers
    double most_;
    std::uint64_t sent_ = 0;     ///< in this interval
    std::uint64_t answers_ = 0;  ///< in this interval
    std::uint64_t drops_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t seen_ = 0;   ///< answers since the last cut
    std::uint64_t again_ = 0;  ///< of them, to later attempts than the first
    std::uint64_t seen_before_ = 0;
    std::uint64_t again_before_ = 0;
    Duration queueing_{};  ///< smoothed
    bool held_back_ = false;
    unsigned cuts_ = 0;
    enum class Growth : std::uint8_t { fast, careful } growth_ = Growth::fast;
    double measured_ = 0;
    Time begun_;
    Time next_;
    Time no_cut_before_;
};

}  // namespace garita::scan
