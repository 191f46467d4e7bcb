#pragma once
// Who is logged in over SSH at the moment, so that the hub refuses to cut off one of its people.

#include <functional>
#include <mutex>
#include <vector>

#include "detect/process_table.hpp"
#include "model/device.hpp"
#include "model/worker.hpp"

namespace garita::programs {

/// Counts sessions of the host's own sshd alone: an ordinary user's process that names itself like it must
/// not keep an address from being blocked. Looks each second and says when it is no longer as it was: the hub
/// decides by what it was told last.
class LoginWatch final : public Worker {
  public:
    /// `processes` is for this alone and outlives it; `changed` is called by the worker's thread.
    LoginWatch(detect::ProcessTable& processes, std::function<void()> changed);
    std::string_view name() const override { return "login watch"; }
    Result<Duration> step(Time now) override;
    /// As of the last look; each once, in order, so that the same is seen to be the same. Any thread.
    [[nodiscard]] std::vector<Login> logins() const;

  private:
    detect::ProcessTable& processes_;
    std::function<void()> changed_;
    mutable std::mutex mutex_;
    std::vector<Login> logins_;
};

}  // namespace garita::programs
