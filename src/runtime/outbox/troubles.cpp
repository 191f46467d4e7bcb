#include "runtime/outbox/troubles.hpp"

#include <utility>

namespace garita::runtime {

bool Troubles::trouble(const std::string& about, std::string text) {
    const std::lock_guard lock(mutex_);
    auto& known = troubles_[about];
    const bool news = known != text;
    known = std::move(text);
    return news;
}

bool Troubles::well(const std::string& about) {
    const std::lock_guard lock(mutex_);
    return troubles_.erase(about) > 0;
}

std::vector<std::string> Troubles::texts() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    for (const auto& [about, text] : troubles_)
        all.emplace_back(about).append(": ").append(text);
    return all;
}

}  // namespace garita::runtime
