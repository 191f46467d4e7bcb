#pragma once
// The standing policies of the hub, read from the agent's store when they have changed.

#include <mutex>
#include <optional>

#include "decide/standing.hpp"
#include "runtime/log/log.hpp"
#include "store/agent_store.hpp"

namespace garita::programs {

/// Any thread.
class StandingBook {
  public:
    /// The store outlives it.
    StandingBook(store::AgentStore& store, runtime::Log log) : store_(store), log_(std::move(log)) {}

    /// The store may hold others now.
    void changed();
    /// Nothing: there are none, or they cannot be read.
    [[nodiscard]] std::optional<decide::Standing> now();

  private:
    store::AgentStore& store_;
    runtime::Log log_;
    std::mutex mutex_;
    bool read_ = false;
    std::optional<decide::Standing> standing_;
};

}  // namespace garita::programs
