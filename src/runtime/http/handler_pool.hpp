#pragma once
// The plain threads that run request handlers. They may block; that is what they are for.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

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
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    bool finishing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace garita::runtime::http
