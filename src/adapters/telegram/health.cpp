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

bool Health::trouble(const std::string& about, std::string text) {
    const std::lock_guard lock(mutex_);
    auto& known = troubles_[about];
    const bool news = known != text;
    known = std::move(text);
    return news;
}

bool Health::well(const std::string& about) {
    const std::lock_guard lock(mutex_);
    return troubles_.erase(about) > 0;
}

Health::Snapshot Health::snapshot() const {
    const std::lock_guard lock(mutex_);
    Snapshot seen{last_poll_, last_sent_, {}};
    for (const auto& [about, text] : troubles_)
        seen.troubles.emplace_back(about).append(": ").append(text);
    return seen;
}

}  // namespace garita::telegram
