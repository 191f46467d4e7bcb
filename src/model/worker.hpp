#pragma once
// All that runs is a worker. It is level-triggered: a wake-up makes it prompt, but it would be right without
// one.

#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"

namespace garita {

class Worker {
  public:
    virtual ~Worker() = default;
    /// Short and constant, for logs and status: "desk", "telegram sender".
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// Looks at rows, does one piece of work in the world, writes the result back.
    /// Returns how long it need not be called again (zero: there is more to do now). An error makes the
    /// runner log it and call again with growing back-off. Called by one thread at a time.
    virtual Result<Duration> step(Time now) = 0;
    /// At least this long from the end of a step to the next, whatever wakes the worker meanwhile: for work
    /// that nobody waits for, or that is cheaper done for many at once. Asked for after each step.
    [[nodiscard]] virtual Duration rest() const { return Duration::zero(); }
    /// A file descriptor that becomes readable when there is work, or -1: what a worker in the world waits
    /// for (inotify, a journal, a socket). Asked for and watched after each step that succeeded; it stays
    /// the worker's own, and a step must take what made it readable.
    [[nodiscard]] virtual int wake_fd() const { return -1; }
};

}  // namespace garita
