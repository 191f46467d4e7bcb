#pragma once
// How the channel feels, for `garita status`, metrics and alarms.

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/time.hpp"
#include "runtime/outbox/troubles.hpp"

namespace garita::telegram {

/// Any thread.
class Health {
  public:
    struct Snapshot {
        std::optional<Time> last_poll;      ///< that succeeded
        std::optional<Time> last_sent;      ///< message or edit
        std::vector<std::string> troubles;  ///< what an administrator has to look at
    };

    void polled(Time at);
    void sent(Time at);
    /// As runtime::Troubles.
    bool trouble(const std::string& about, std::string text) {
        return troubles_.trouble(about, std::move(text));
    }
    bool well(const std::string& about) { return troubles_.well(about); }
    [[nodiscard]] Snapshot snapshot() const;

  private:
    mutable std::mutex mutex_;
    std::optional<Time> last_poll_;
    std::optional<Time> last_sent_;
    runtime::Troubles troubles_;
};

}  // namespace garita::telegram
