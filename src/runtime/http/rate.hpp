#pragma once
// How much each caller may send in a second.

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "model/time.hpp"
#include "runtime/http/message.hpp"

namespace garita::runtime::http {

/// A token bucket for each caller, filled at `per_second`; it holds what one second brings. A request may
/// take more than there is, so that a batch of any size gets through, and the caller then waits until the
/// debt is paid. Callers are names that have proved themselves, so there are never more of them than are
/// configured. Any thread.
class RateLimit {
  public:
    explicit RateLimit(std::size_t per_second) : per_second_(per_second) {}

    /// Takes `count`, or says how long to wait: whole seconds, at least one.
    [[nodiscard]] std::optional<std::chrono::seconds> take(std::string_view caller, std::size_t count,
                                                           Time now);
    [[nodiscard]] std::size_t per_second() const { return per_second_; }

  private:
    struct Bucket {
        double left = 0;
        Time filled_at{};
    };

    const std::size_t per_second_;
    std::mutex mutex_;
    std::map<std::string, Bucket, std::less<>> buckets_;
};

/// 429 with Retry-After.
[[nodiscard]] Response too_many(std::string_view detail, std::chrono::seconds wait);

/// What a Retry-After field in seconds says, within [1 s, `longest`]; without one or with a date:
/// `otherwise`.
[[nodiscard]] std::chrono::seconds retry_after(const Headers& headers, std::chrono::seconds otherwise,
                                               std::chrono::seconds longest);

}  // namespace garita::runtime::http
