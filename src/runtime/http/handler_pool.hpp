#pragma once
// The plain threads that run request handlers. They may block; that is what they are for.

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/bell/bell.hpp"

namespace garita::runtime::http {

class HandlerPool {
  public:
    explicit HandlerPool(std::size_t threads);
    ~HandlerPool();  ///< as finish()
    HandlerPool(const HandlerPool&) = delete;
    HandlerPool& operator=(const HandlerPool&) = delete;

    enum class Taken { yes, no };

    /// Jobs begin in the order they came and must not throw. None is taken after finish() has begun.
    [[nodiscard]] Taken submit(std::function<void()> job);

    /// Runs what was submitted, then ends the threads.
    void finish();

  private:
    /// One thread's place to wait. A job is put into its hand: a woken thread need not ask for the pool's
    /// lock, for which it would meet the thread that is submitting the next job.
    struct Seat {
        Bell bell;
        std::function<void()> job;  ///< when the bell has rung; empty: go home
    };

    void work(Seat& seat);
    [[nodiscard]] std::function<void()> next_job(Seat& seat);

    std::mutex mutex_;
    std::vector<Seat*> idle_;  ///< the last to become idle is the first to be called: its caches are warm
    std::deque<std::function<void()>> jobs_;
    bool finishing_ = false;
    std::deque<Seat> seats_;
    std::vector<std::thread> threads_;
};

}  // namespace garita::runtime::http
