#include "runtime/http/handler_pool.hpp"

#include <csignal>
#include <pthread.h>
#include <utility>

#include "runtime/http/signals.hpp"

namespace garita::runtime::http {

HandlerPool::HandlerPool(std::size_t threads) : seats_(threads) {
    const BlockedSignals blocked;  // inherited by the new threads
    threads_.reserve(threads);
    for (auto& seat : seats_)
        threads_.emplace_back([this, &seat] { work(seat); });
}

HandlerPool::~HandlerPool() {
    finish();
}

HandlerPool::Taken HandlerPool::submit(std::function<void()> job) {
    Seat* free = nullptr;
    {
        const std::lock_guard lock(mutex_);
        if (finishing_) return Taken::no;
        if (idle_.empty()) {
            jobs_.push_back(std::move(job));
            return Taken::yes;
        }
        free = idle_.back();
        idle_.pop_back();
    }
    free->job = std::move(job);
    free->bell.ring();
    return Taken::yes;
}

void HandlerPool::finish() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        for (auto* seat : idle_)
            seat->bell.ring();
        idle_.clear();
    }
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
}

/// Empty: the pool is finishing and nothing is left.
std::function<void()> HandlerPool::next_job(Seat& seat) {
    {
        const std::lock_guard lock(mutex_);
        if (!jobs_.empty()) {
            auto job = std::move(jobs_.front());
            jobs_.pop_front();
            return job;
        }
        if (finishing_) return {};
        idle_.push_back(&seat);
    }
    seat.bell.wait();
    return std::exchange(seat.job, nullptr);
}

void HandlerPool::work(Seat& seat) {
    while (const auto job = next_job(seat))
        job();
}

}  // namespace garita::runtime::http
