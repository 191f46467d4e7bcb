#include "runtime/worker/runner.hpp"

#include <algorithm>
#include <exception>
#include <pthread.h>

namespace garita::runtime {
namespace {

constexpr Duration first_back_off = std::chrono::milliseconds(200);
constexpr Duration longest_back_off = std::chrono::seconds(30);

Duration back_off_after(int failures) {
    auto span = first_back_off;
    for (int i = 1; i < failures && span < longest_back_off; ++i)
        span *= 2;
    return std::min(span, longest_back_off);
}

/// A worker that throws has failed like one that returns an error; only the text differs.
Result<Duration> guarded_step(Worker& worker, Time now) {
    try {
        return worker.step(now);
    } catch (const std::exception& error) {
        return fail(ErrorCode::io, std::string("unexpected failure: ") + error.what(), Retry::later);
    }
}

}  // namespace

WorkerThread::WorkerThread(Worker& worker, Clock clock, FailureSink on_failure)
    : worker_(worker), clock_(std::move(clock)), on_failure_(std::move(on_failure)) {
    health_.name = worker.name();
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), health_.name.substr(0, 15).c_str());
}

WorkerThread::~WorkerThread() {
    request_stop();
    thread_.join();
}

void WorkerThread::wake() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    changed_.notify_one();
}

void WorkerThread::request_stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
}

WorkerHealth WorkerThread::health() const {
    const std::lock_guard lock(mutex_);
    return health_;
}

void WorkerThread::run() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return;
            woken_ = false;
        }
        const Time now = clock_();
        const auto step = guarded_step(worker_, now);
        Duration pause{};
        int failures = 0;
        {
            const std::lock_guard lock(mutex_);
            if (step) {
                health_.last_success = now;
                health_.last_error.clear();
                health_.failures_in_a_row = 0;
                pause = *step;
            } else {
                health_.last_error = step.error().text;
                failures = ++health_.failures_in_a_row;
                pause = back_off_after(failures);
            }
        }
        if (!step) on_failure_(worker_.name(), step.error(), pause);
        if (pause > Duration::zero()) wait_for(pause);
    }
}

void WorkerThread::wait_for(Duration span) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, span, [this] { return woken_ || stopping_; });
}

WorkerThread& WorkerGroup::start(Worker& worker) {
    threads_.push_back(std::make_unique<WorkerThread>(worker, clock_, on_failure_));
    return *threads_.back();
}

void WorkerGroup::stop() {
    for (const auto& thread : threads_)
        thread->request_stop();
    threads_.clear();
}

std::vector<WorkerHealth> WorkerGroup::health() const {
    std::vector<WorkerHealth> all;
    all.reserve(threads_.size());
    for (const auto& thread : threads_)
        all.push_back(thread->health());
    return all;
}

}  // namespace garita::runtime
