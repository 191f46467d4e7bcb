#pragma once
// A worker that watches one part of the world: it reads a log (or none), lets its detectors look, and leaves
// what they found in the spool together with the place it has read to.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "detect/alert_spool.hpp"
#include "detect/detector.hpp"
#include "detect/log_follower.hpp"
#include "model/worker.hpp"

namespace garita::detect {

/// What a person may see of a sensor.
struct SensorStatus {
    std::string name;
    std::vector<std::string> watches;
    std::vector<std::string> troubles;
    FollowCounters counters;
    std::uint64_t alerts = 0;  ///< saved since the start
};

class Sensor final : public Worker {
  public:
    struct Parts {
        std::string name;                       ///< of the worker and of its checkpoint: "http_errors"
        std::string device;                     ///< put into every alert
        std::unique_ptr<LogFollower> follower;  ///< empty where the detectors read no log
        std::vector<std::unique_ptr<Detector>> detectors;
    };

    /// The spool must outlive it.
    Sensor(Parts parts, AlertSpool& spool);
    ~Sensor() override;  ///< leaves the place it has read to in the spool, as far as that is possible

    [[nodiscard]] std::string_view name() const override { return parts_.name; }
    Result<Duration> step(Time now) override;
    [[nodiscard]] int wake_fd() const override;
    /// From any thread.
    [[nodiscard]] SensorStatus status(Time now) const;

    /// The spool's key of a reader's checkpoint.
    [[nodiscard]] static std::string checkpoint_key(std::string_view name);

  private:
    class Portion;
    class Memory;

    Result<void> save(Time now);
    /// What lies before the place that was read to, for those who count: once.
    Result<void> recall(Time now);
    void notice_silence(Time now);

    Parts parts_;
    AlertSpool& spool_;
    mutable std::mutex mutex_;  ///< between step() and status()
    std::vector<Alert> found_;  ///< not yet in the spool
    Time saved_at_{};
    std::uint64_t saved_bytes_ = 0;
    std::uint64_t alerts_ = 0;
    std::map<std::string, Time> silent_;  ///< logs whose silence was told, with their last lines
    std::optional<Time> listened_at_;
    bool recalled_ = false;
    bool busy_ = false;  ///< lines are coming: look again soon instead of at each of them
};

}  // namespace garita::detect
