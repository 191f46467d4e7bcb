#pragma once
// Names as this machine knows them: /etc/hosts, DNS and whatever nsswitch.conf names.

#include <stop_token>
#include <utility>

#include "model/time.hpp"
#include "scan/name_resolver.hpp"

namespace garita::system_names {

struct Limits {
    Duration whole = std::chrono::seconds{15};  ///< for all names of one question together
    unsigned at_once = 16;
};

/// Asks the C library, several names at once. It knows no limit in time: whoever has not answered by then is
/// left to end alone, in threads that hold nothing but their question.
class SystemNames final : public scan::NameResolver {
  public:
    /// `stop`: nobody waits for the answers any more; those not there by then are `unavailable`.
    explicit SystemNames(Limits limits = {}, std::stop_token stop = {})
        : limits_(limits), stop_(std::move(stop)) {}
    std::vector<Answer> resolve(const std::vector<std::string>& names) override;

  private:
    Limits limits_;
    std::stop_token stop_;
};

}  // namespace garita::system_names
