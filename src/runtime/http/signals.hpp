#pragma once
// Signals belong to the main thread. A thread started while one of these lives is never interrupted by one,
// and a peer that hangs up while it writes is an error value there instead of a SIGPIPE.

#include <csignal>
#include <pthread.h>

namespace garita::runtime::http {

class BlockedSignals {
  public:
    BlockedSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace garita::runtime::http
