#pragma once
// The hub's addresses, which this host must never block.

#include <mutex>
#include <string>
#include <vector>

#include "model/ip.hpp"

namespace garita::programs {

/// Resolved once at the start and kept; a name that cannot be resolved then is asked again, at most once a
/// minute.
class HubNames {
  public:
    explicit HubNames(const std::string& url);
    [[nodiscard]] std::vector<IpAddress> addresses();

  private:
    std::string host_;
    std::mutex mutex_;
    std::vector<IpAddress> known_;
    std::int64_t asked_at_ = 0;  ///< seconds of the steady clock
};

}  // namespace garita::programs
