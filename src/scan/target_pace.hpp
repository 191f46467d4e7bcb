#pragma once
// How fast one target is asked. Most bear any rate; some answer only so many packets a second, and are asked
// just below that, so that nothing they would have said is missed.

#include <cstddef>
#include <cstdint>

#include "model/time.hpp"
#include "scan/loss.hpp"
#include "scan/token_bucket.hpp"

namespace garita::scan {

class TargetPace {
  public:
    /// Never more than `most` probes a second; 0: as it bears.
    TargetPace(double most, Time now);

    [[nodiscard]] std::size_t available(std::size_t wanted, Time now) {
        return bucket_.available(wanted, now);
    }
    void sent(std::size_t count) { bucket_.take(count); }
    void put_back(std::size_t count) { bucket_.give_back(count); }
    [[nodiscard]] Time when() const { return bucket_.when(1); }
    void answered() { measured_ += 1; }

    enum class Advice : std::uint8_t {
        go_on,
        start_over,  ///< what was asked until now was asked too fast: silence meant nothing
    };
    /// What the losses since the last fresh start mean. Cheap; to be asked now and then.
    [[nodiscard]] Advice judge(const Loss& loss, Time now);
    /// At most so fast from now on: too much was lost after all.
    void slow_to(double rate, Time now);

    /// Its losses come from its own limit, or are being looked at: they say nothing about the network.
    [[nodiscard]] bool suspected() const { return phase_ != Phase::free; }
    [[nodiscard]] bool measuring() const { return phase_ == Phase::measuring; }
    /// Recognised as one that limits its answers.
    [[nodiscard]] bool limiting() const { return phase_ == Phase::paced; }
    [[nodiscard]] double rate() const { return bucket_.rate(); }

  private:
    enum class Phase : std::uint8_t {
        free,
        measuring,  ///< asked as before, to see how many answers come in a while
        paced,
        lossy,  ///< loses as much when it is asked slowly
    };
    void measure(Time now);
    [[nodiscard]] Advice end_measurement(const Loss& loss, Time now);
    void follow(const Loss& loss, Time now);
    void set(double rate, Time now);

    TokenBucket bucket_;
    double most_;
    Phase phase_ = Phase::free;
    Time since_;             ///< of the measurement, or of the last change of the rate
    unsigned measured_ = 0;  ///< answers since then
    double share_ = 0;       ///< lost when it was found to be too much
    std::uint32_t again_ = 0;
    double ceiling_ = 0;  ///< a rate at which it lost; 0: none
};

}  // namespace garita::scan
