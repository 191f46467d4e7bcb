#pragma once
// How the channel feels, for `garita status`.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/time.hpp"
#include "runtime/outbox/troubles.hpp"

namespace garita::mail {

/// Any thread.
class Health {
  public:
    struct Snapshot {
        std::optional<Time> last_sent;
        std::size_t waiting = 0;            ///< letters that are due and not taken yet
        std::vector<std::string> troubles;  ///< what an administrator has to look at
    };

    void sent(Time at) {
        const std::lock_guard lock(mutex_);
        last_sent_ = at;
    }
    /// Each writer tells of its own.
    void wait(std::size_t about_cases) {
        const std::lock_guard lock(mutex_);
        waiting_ = about_cases;
    }
    void wait_others(std::size_t letters) {
        const std::lock_guard lock(mutex_);
        waiting_others_ = letters;
    }
    /// As runtime::Troubles.
    bool trouble(const std::string& about, std::string text) {
        return troubles_.trouble(about, std::move(text));
    }
    bool well(const std::string& about) { return troubles_.well(about); }
    [[nodiscard]] Snapshot snapshot() const {
        const std::lock_guard lock(mutex_);
        return {last_sent_, waiting_ + waiting_others_, troubles_.texts()};
    }

  private:
    mutable std::mutex mutex_;
    std::optional<Time> last_sent_;
    std::size_t waiting_ = 0;
    std::size_t waiting_others_ = 0;
    runtime::Troubles troubles_;
};

}  // namespace garita::mail
