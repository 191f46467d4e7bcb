#pragma once
// How the channel feels, for `garita status`, metrics and alarms.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/time.hpp"

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
    /// `about` names the trouble ("token", "chat -100123"); a new text replaces the old.
    /// Returns whether this is news.
    bool trouble(const std::string& about, std::string text);
    /// Returns whether there was one.
    bool well(const std::string& about);
    [[nodiscard]] Snapshot snapshot() const;

  private:
    mutable std::mutex mutex_;
    std::optional<Time> last_poll_;
    std::optional<Time> last_sent_;
    std::map<std::string, std::string> troubles_;
};

}  // namespace garita::telegram
