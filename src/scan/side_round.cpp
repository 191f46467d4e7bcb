#include "scan/side_round.hpp"

#include <utility>

namespace garita::scan {

SideRound::SideRound(Eyes eyes, Limits limits, std::stop_token stop,
                     std::function<void(const std::string&)> warned, std::function<void()> wake)
    : eyes_(eyes),
      limits_(limits),
      stop_(std::move(stop)),
      warned_(std::move(warned)),
      wake_(std::move(wake)) {}

SideRound::~SideRound() {
    if (thread_.joinable()) thread_.join();
}

void SideRound::begin(Looks looks, Time now) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    outcome_.asked = std::move(looks);
    runs_ = true;
    thread_ = std::thread([this, now] {
        outcome_.found = look_at(outcome_.asked.looks, eyes_, limits_, stop_, warned_, now);
        wake_();  // the last thing that may wait for others
        const std::lock_guard over(mutex_);
        runs_ = false;
        changed_.notify_all();
    });
}

std::optional<SideRound::Outcome> SideRound::take() {
    {
        const std::lock_guard lock(mutex_);
        if (!thread_.joinable() || runs_) return std::nullopt;
    }
    thread_.join();
    return std::exchange(outcome_, {});
}

void SideRound::close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.wait(lock, [&] { return !runs_; });
}

}  // namespace garita::scan
