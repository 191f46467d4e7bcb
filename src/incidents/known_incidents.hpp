#pragma once
// Which incidents were seen lately, and in which state: so that a window that is asked for again and again
// costs no look into the store. Forgetting one does no harm; the store knows it still.

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>

namespace garita::incidents {

class KnownIncidents {
  public:
    explicit KnownIncidents(std::size_t most) : most_(most) {}

    /// Whether it was noted, in this state.
    [[nodiscard]] bool has(const std::string& id, const std::string& status) const {
        const auto there = status_.find(id);
        return there != status_.end() && there->second == status;
    }
    [[nodiscard]] bool has(const std::string& id) const { return status_.contains(id); }

    void note(const std::string& id, const std::string& status) {
        if (!status_.insert_or_assign(id, status).second) return;
        order_.push_back(id);
        if (order_.size() <= most_) return;
        status_.erase(order_.front());
        order_.pop_front();
    }

  private:
    std::size_t most_;
    std::unordered_map<std::string, std::string> status_;
    std::deque<std::string> order_;  ///< the oldest first
};

}  // namespace garita::incidents
