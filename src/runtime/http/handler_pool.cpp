#include "runtime/http/handler_pool.hpp"

#include <csignal>
#include <pthread.h>
#include <utility>

#include "runtime/http/signals.hpp"

namespace garita::runtime::http {

HandlerPool::HandlerPool(std::size_t threads) {
    const BlockedSignals blocked;  // inherited by the new threads
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i)
        threads_.emplace_back([this] { work(); });
}

HandlerPool::~HandlerPool() {
    finish();
}

HandlerPool::Taken HandlerPool::submit(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        if (finishing_) return Taken::no;
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
    return Taken::yes;
}

void HandlerPool::finish() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
}

void HandlerPool::work() {
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return finishing_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        const auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
    }
}

}  // namespace garita::runtime::http
