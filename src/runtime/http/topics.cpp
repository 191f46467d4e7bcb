#include "runtime/http/topics.hpp"

#include <algorithm>
#include <utility>

namespace garita::runtime::http {
WakeTopics::Version WakeTopics::now() const {
    const std::lock_guard lock(mutex_);
    return version_;
}

WakeTopics::Parking WakeTopics::park(const std::string& topic, Version seen, Waiter waiter) {
    const std::lock_guard lock(mutex_);
    if (seen < forgotten_) return Parking::woken_meanwhile;
    Topic& entry = entry_of(topic);
    if (entry.woken > seen) return Parking::woken_meanwhile;
    entry.waiters.insert(waiter);
    return Parking::parked;
}

void WakeTopics::leave(const std::string& topic, Waiter waiter) {
    const std::lock_guard lock(mutex_);
    const auto found = topics_.find(topic);
    if (found != topics_.end()) found->second.waiters.erase(waiter);
}

std::vector<WakeTopics::Waiter> WakeTopics::wake(std::string_view topic) {
    const std::lock_guard lock(mutex_);
    ++version_;
    Topic& entry = entry_of(topic);
    entry.woken = version_;
    const auto waiters = std::exchange(entry.waiters, {});
    return {waiters.begin(), waiters.end()};
}

WakeTopics::Topic& WakeTopics::entry_of(std::string_view topic) {
    const auto found = topics_.find(topic);
    if (found != topics_.end()) return found->second;
    if (topics_.size() >= room_) forget_idle();
    return topics_.emplace(std::string(topic), Topic{}).first->second;
}

void WakeTopics::forget_idle() {
    std::erase_if(topics_, [](const auto& entry) { return entry.second.waiters.empty(); });
    room_ = std::max<std::size_t>(4096, 2 * topics_.size());
    forgotten_ = version_;
}

}  // namespace garita::runtime::http
