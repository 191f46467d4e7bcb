#pragma once
// How one sink feels, for `garita status`.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "model/time.hpp"

namespace garita::sinks {

/// Any thread.
class Health {
  public:
    struct Snapshot {
        std::optional<Time> last_sent;
        std::size_t waiting = 0;  ///< cases that are due and not taken yet
        std::string trouble;      ///< what an administrator has to look at; empty: nothing
    };

    void sent(Time at) {
        const std::lock_guard lock(mutex_);
        now_.last_sent = at;
        now_.trouble.clear();
    }
    void wait(std::size_t cases) {
        const std::lock_guard lock(mutex_);
        now_.waiting = cases;
    }
    /// Returns whether it is news.
    bool trouble(std::string text) {
        const std::lock_guard lock(mutex_);
        const bool news = now_.trouble != text;
        now_.trouble = std::move(text);
        return news;
    }
    [[nodiscard]] Snapshot snapshot() const {
        const std::lock_guard lock(mutex_);
        return now_;
    }

  private:
    mutable std::mutex mutex_;
    Snapshot now_;
};

}  // namespace garita::sinks
