#pragma once
// The hub's SIEMs: for each a login, a worker that polls it, and one that moves incidents there.

#include <memory>
#include <mutex>
#include <vector>

#include "model/result.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/worker/runner.hpp"
#include "store/store.hpp"

namespace garita::programs {

class Siems {
  public:
    /// The store outlives it. Nothing runs yet.
    [[nodiscard]] static Result<std::unique_ptr<Siems>> make(store::Store& store,
                                                             const runtime::HubConfig& config);
    ~Siems();
    Siems(const Siems&) = delete;
    Siems& operator=(const Siems&) = delete;

    void open(runtime::WorkerGroup& workers);
    /// Before the workers are stopped: ends calls under way.
    void cancel();
    /// Wakes whoever waits for it. Not after the workers have stopped.
    void heard(const store::Ring& ring);

  private:
    struct Siem;
    Siems();
    std::vector<std::unique_ptr<Siem>> all_;
};

}  // namespace garita::programs
