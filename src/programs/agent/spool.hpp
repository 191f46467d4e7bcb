#pragma once
// Where this agent's detectors leave their alerts: the agent's store, and a nudge for whoever delivers them.

#include <functional>

#include "detect/alert_spool.hpp"
#include "store/agent_store.hpp"

namespace garita::programs {

class Spool final : public detect::AlertSpool {
  public:
    /// The store outlives it. `saved` is called when alerts can be delivered.
    Spool(store::AgentStore& store, std::size_t limit, std::function<void()> saved)
        : store_(store), limit_(limit), saved_(std::move(saved)) {}

    Result<void> save(const std::vector<Alert>& found, std::string_view reader,
                      std::string_view checkpoint) override {
        const auto kept = store_.push_alerts_and_value(found, limit_, reader, checkpoint);
        if (!kept || found.empty()) return kept;
        // Delivered while the disk still writes: were the power cut now, the place would not have moved on
        // either, and the same lines would give the same alerts again, which the hub knows by their uid.
        saved_();
        return store_.flush();
    }
    Result<std::optional<std::string>> checkpoint(std::string_view reader) override {
        return store_.value(reader);
    }

  private:
    store::AgentStore& store_;
    std::size_t limit_;
    std::function<void()> saved_;
};

}  // namespace garita::programs
