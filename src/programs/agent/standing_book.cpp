#include "programs/agent/standing_book.hpp"

#include "adapters/hub_link/agent_workers.hpp"
#include "adapters/hub_link/standing_json.hpp"

namespace garita::programs {

void StandingBook::changed() {
    const std::lock_guard lock(mutex_);
    read_ = false;
}

std::optional<decide::Standing> StandingBook::now() {
    const std::lock_guard lock(mutex_);
    if (read_) return standing_;
    standing_.reset();
    const auto kept = store_.value(hub_link::standing_key);
    if (!kept) {
        log_.warning("the standing policies cannot be read", {{"error", kept.error().text}});
        return std::nullopt;  // asked for again the next time
    }
    read_ = true;
    if (!*kept || (*kept)->empty()) return std::nullopt;
    auto standing = hub_link::decode_standing(**kept);
    if (standing)
        standing_ = std::move(*standing);
    else
        log_.warning("the standing policies cannot be read", {{"error", standing.error().text}});
    return standing_;
}

}  // namespace garita::programs
