#include "adapters/telegram/health.hpp"

namespace garita::telegram {

void Health::polled(Time at) {
    const std::lock_guard lock(mutex_);
    last_poll_ = at;
}

void Health::sent(Time at) {
    const std::lock_guard lock(mutex_);
    last_sent_ = at;
}

Health::Snapshot Health::snapshot() const {
    const std::lock_guard lock(mutex_);
    return {last_poll_, last_sent_, troubles_.texts()};
}

}  // namespace garita::telegram
