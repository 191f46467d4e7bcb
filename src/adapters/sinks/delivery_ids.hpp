#pragma once
// Names deliveries: what is tried again has the name that it had before, also after a crash, and no other hub
// gives the same.

#include <string>
#include <string_view>
#include <vector>

#include "decide/telling.hpp"
#include "store/store.hpp"

namespace garita::sinks {

class DeliveryIds {
  public:
    /// Reads the hub's key for them, or makes it on the first call.
    [[nodiscard]] static Result<DeliveryIds> open(store::Store& store, std::string channel);

    struct News {
        CaseId about;
        decide::Stage stage = decide::Stage::none;
        Severity severity = Severity::info;
        std::int64_t lapse = 0;  ///< of the acknowledgement whose end this tells, in microseconds
    };
    /// Of one case, or in a digest of these, in this order.
    [[nodiscard]] std::string of(const std::vector<News>& all) const;

  private:
    DeliveryIds(std::string key, std::string channel) : key_(std::move(key)), channel_(std::move(channel)) {}
    std::string key_;
    std::string channel_;
};

}  // namespace garita::sinks
