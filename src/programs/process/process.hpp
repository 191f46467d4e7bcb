#pragma once
// What both long-running programs do around their graph of objects: stop on a signal, log as told, know their
// version.

#include <csignal>
#include <optional>
#include <string_view>

#include "model/time.hpp"
#include "runtime/config/common_config.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

/// "0.1.0"
[[nodiscard]] std::string_view version();

/// Waits for SIGINT or SIGTERM. Make it before any thread, so that all inherit the mask.
class StopSignal {
  public:
    StopSignal();
    /// Returns the signal's number.
    [[nodiscard]] int wait() const;
    /// The same, or none when the time has passed.
    [[nodiscard]] std::optional<int> wait_for(Duration span) const;

  private:
    sigset_t signals_{};
};

/// The log until the configuration is read: in the form that the command line asks for, from the first line
/// on.
[[nodiscard]] runtime::Log early_log(std::optional<runtime::LogFormat> asked);
/// The log that the configuration asks for; the command line's form goes first.
[[nodiscard]] runtime::Log configured_log(const runtime::LogConfig& config,
                                          std::optional<runtime::LogFormat> asked);

/// Keeps glibc's heaps small and few: both programs are to stay small beside what they watch.
void keep_memory_small();
/// Waits for the signal; a few seconds after the start it gives back what only the start needed: a program
/// that waits for most of its life keeps resident what waiting takes. Returns the signal's number.
[[nodiscard]] int wait_with_little_memory(const StopSignal& stop);

}  // namespace garita::programs
