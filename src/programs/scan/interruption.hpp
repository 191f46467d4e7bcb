#pragma once
// Ctrl-C of a command that works for a while: the first asks it to end, the second ends it.

#include <csignal>
#include <stop_token>
#include <thread>

#include "runtime/descriptor/descriptor.hpp"

namespace garita::programs {

/// Takes SIGINT, SIGTERM and SIGHUP while it lives. Make it before any thread, so that all inherit the mask.
class Interruption {
  public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

  private:
    void listen();

    sigset_t before_{};
    runtime::Descriptor signals_;
    runtime::Descriptor end_;
    std::stop_source source_;
    std::thread listener_;
};

}  // namespace garita::programs
