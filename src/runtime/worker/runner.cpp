#include "runtime/worker/runner.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <system_error>

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
    event_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    health_.name = worker.name();
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), health_.name.substr(0, 15).c_str());
}

WorkerThread::~WorkerThread() {
    request_stop();
    thread_.join();
    ::close(event_);
}

void WorkerThread::signal() {
    const std::uint64_t one = 1;
    // fails only when the counter is full, and then the thread is to wake anyway
    [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

void WorkerThread::wake() {
    signal();
}

void WorkerThread::request_stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
    signal();
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
        }
        std::uint64_t taken = 0;  // before the step: a wake-up during it must bring another step
        [[maybe_unused]] const auto got = ::read(event_, &taken, sizeof taken);
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
        rest();
        // after a failure only time and wake-ups count: what is ready now is what has just failed
        if (pause > Duration::zero()) wait_for(pause, step ? worker_.wake_fd() : -1);
    }
}

/// Wake-ups meanwhile are kept: the event stays readable.
void WorkerThread::rest() {
    const auto span = worker_.rest();
    if (span <= Duration::zero()) return;
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, span, [this] { return stopping_; });
}

void WorkerThread::wait_for(Duration span, int watched) {
    // ppoll takes whole seconds in a signed field; a day is as good as for ever
    const auto bounded = std::min<Duration>(span, std::chrono::hours(24));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(bounded);
    const timespec limit{static_cast<time_t>(seconds.count()),
                         static_cast<long>(std::chrono::nanoseconds(bounded - seconds).count())};
    pollfd ready[2] = {{event_, POLLIN, 0}, {watched, POLLIN, 0}};  // a negative one is ignored
    ::ppoll(ready, 2, &limit, nullptr);
}

WorkerThread& WorkerGroup::start(Worker& worker) {
    return start(worker, clock_);
}

WorkerThread& WorkerGroup::start(Worker& worker, WorkerThread::Clock clock) {
    threads_.push_back(std::make_unique<WorkerThread>(worker, std::move(clock), on_failure_));
    return *threads_.back();
}

void WorkerGroup::stop() {
    for (const auto& thread : threads_)
        thread->request_stop();
    while (!threads_.empty())
        threads_.pop_back();  // who was started first may still be woken by those that came later
}

std::vector<WorkerHealth> WorkerGroup::health() const {
    std::vector<WorkerHealth> all;
    all.reserve(threads_.size());
    for (const auto& thread : threads_)
        all.push_back(thread->health());
    return all;
}

}  // namespace garita::runtime
