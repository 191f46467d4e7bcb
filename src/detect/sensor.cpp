#include "detect/sensor.hpp"

#include <algorithm>

namespace garita::detect {
namespace {

/// While lines keep coming they are taken this often: a wake-up for each would cost more than reading it.
constexpr Duration busy_pause = std::chrono::milliseconds(1);
/// A place without findings is saved this often, so that idle traffic costs no writes to the disk. Lines read
/// since are read again after a crash.
constexpr Duration save_interval = std::chrono::seconds(5);

constexpr Duration listen_interval = std::chrono::minutes(1);

}  // namespace

/// Gives lines to the detectors and collects what they find.
class Sensor::Portion final : public LineReceiver, public AlertSink {
  public:
    Portion(Sensor& sensor, Time now) : sensor_(sensor), now_(now) {}
    void on_line(const LogLine& line) override {
        for (const auto& detector : sensor_.parts_.detectors)
            detector->on_line(line, now_, *this);
    }
    void add(Alert alert) override {
        alert.device = sensor_.parts_.device;
        sensor_.found_.push_back(std::move(alert));
    }

  private:
    Sensor& sensor_;
    Time now_;
};

/// Lines of an earlier life on their way to the detectors.
class Sensor::Memory final : public LineReceiver {
  public:
    Memory(Sensor& sensor, Time now) : sensor_(sensor), now_(now) {}

    void on_line(const LogLine& line) override {
        for (const auto& detector : sensor_.parts_.detectors)
            detector->recall(line, now_);
    }

  private:
    Sensor& sensor_;
    Time now_;
};

Sensor::Sensor(Parts parts, AlertSpool& spool) : parts_(std::move(parts)), spool_(spool) {}

Sensor::~Sensor() {
    const bool read_on = parts_.follower && parts_.follower->counters().bytes != saved_bytes_;
    if (found_.empty() && !read_on) return;
    [[maybe_unused]] const auto saved = save(saved_at_);  // else these lines are read again: no loss
}

std::string Sensor::checkpoint_key(std::string_view name) {
    return "read_to:" + std::string(name);
}

Result<Duration> Sensor::step(Time now) {
    const std::lock_guard lock(mutex_);
    busy_ = false;
    // what could not be saved goes first, and nothing is read on until it is: the log itself is the queue
    if (!found_.empty())
        if (auto saved = save(now); !saved) return tl::unexpected(saved.error());
    if (!recalled_)
        if (auto recalled = recall(now); !recalled) return tl::unexpected(recalled.error());
    Portion portion(*this, now);
    Duration rest = no_tick_wanted;
    const auto bytes = [&] { return parts_.follower ? parts_.follower->counters().bytes : 0; };
    const auto before = bytes();
    std::optional<Error> read_error;
    if (parts_.follower) {
        const auto read = parts_.follower->read(now, portion);
        if (read)
            rest = *read;
        else
            read_error = read.error();
    }
    for (const auto& detector : parts_.detectors)
        rest = std::min(rest, detector->tick(now, portion));
    notice_silence(now);
    // the first place at once: a restart before the first line must go on from here
    const bool place_is_old = saved_at_ == Time{} || (bytes() != saved_bytes_ &&
                                                      (now < saved_at_ || now - saved_at_ >= save_interval));
    if (!found_.empty() || place_is_old)
        if (auto saved = save(now); !saved) return tl::unexpected(saved.error());
    if (read_error) return tl::unexpected(*read_error);
    if (bytes() != saved_bytes_) rest = std::min(rest, save_interval - (now - saved_at_));
    busy_ = bytes() != before;
    return busy_ ? std::min(rest, busy_pause) : rest;
}

int Sensor::wake_fd() const {
    return parts_.follower && !busy_ ? parts_.follower->wake_fd() : -1;
}

Result<void> Sensor::recall(Time now) {
    recalled_ = true;  // whatever comes of it: a second time would count twice
    Duration span{};
    for (const auto& detector : parts_.detectors)
        span = std::max(span, detector->memory());
    if (!parts_.follower || span <= Duration::zero()) return {};
    Memory memory(*this, now);
    return parts_.follower->read_again(span, now, memory);
}

void Sensor::notice_silence(Time now) {
    if (!parts_.follower || (listened_at_ && now >= *listened_at_ && now - *listened_at_ < listen_interval))
        return;
    listened_at_ = now;
    for (const auto& silence : parts_.follower->silences(now)) {
        const auto known = silent_.find(silence.source);
        if (known != silent_.end() && known->second == silence.last) continue;
        silent_.insert_or_assign(silence.source, silence.last);
        found_.push_back(alert_about(silence, now));
        found_.back().device = parts_.device;
    }
}

Result<void> Sensor::save(Time now) {
    const auto checkpoint = parts_.follower ? parts_.follower->checkpoint() : std::string();
    auto saved = spool_.save(found_, checkpoint_key(parts_.name), checkpoint);
    if (!saved) return saved;
    alerts_ += found_.size();
    found_.clear();
    saved_at_ = now;
    saved_bytes_ = parts_.follower ? parts_.follower->counters().bytes : 0;
    return {};
}

SensorStatus Sensor::status(Time now) const {
    const std::lock_guard lock(mutex_);
    SensorStatus status;
    status.name = parts_.name;
    status.alerts = alerts_;
    if (parts_.follower) {
        status.watches.push_back(parts_.follower->describe());
        status.troubles = parts_.follower->troubles(now);
        for (const auto& silence : parts_.follower->silences(now))
            status.troubles.push_back(in_words(silence, now));
        status.counters = parts_.follower->counters();
    }
    for (const auto& detector : parts_.detectors) {
        status.watches.push_back(detector->describe());
        for (auto& trouble : detector->troubles(now))
            status.troubles.push_back(std::move(trouble));
    }
    return status;
}

}  // namespace garita::detect
