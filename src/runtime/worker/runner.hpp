#pragma once
// Runs workers, each in a thread of its own: prompt after a wake-up, with back-off after a failure, and with
// its health to be seen.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "model/worker.hpp"

namespace garita::runtime {

struct WorkerHealth {
    std::string name;
    std::optional<Time> last_success;
    std::string last_error;  ///< empty while the last step succeeded
    int failures_in_a_row = 0;
};

/// One worker in one thread. The worker must outlive it.
class WorkerThread {
  public:
    using Clock = std::function<Time()>;
    /// Called from the worker's thread when a step fails.
    using FailureSink = std::function<void(std::string_view worker, const Error&, Duration back_off)>;

    WorkerThread(Worker& worker, Clock clock, FailureSink on_failure);
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;
    ~WorkerThread();  ///< stops and joins: a step under way is finished first

    void wake();
    /// Asks to stop without waiting, so that many can stop at once.
    void request_stop();
    [[nodiscard]] WorkerHealth health() const;

  private:
    void run();
    /// Until the time has passed, wake() or request_stop() was called, or `watched` (-1: none) is readable.
    void wait_for(Duration span, int watched);
    void rest();
    void signal();

    Worker& worker_;
    Clock clock_;
    FailureSink on_failure_;
    mutable std::mutex mutex_;
    int event_ = -1;  ///< eventfd, so that a wake-up and the worker's own descriptor are waited for as one
    bool stopping_ = false;
    std::condition_variable stopped_;  ///< cuts a rest short
    WorkerHealth health_;
    std::thread thread_;  // last: starts when all else stands
};

/// All workers of a program.
class WorkerGroup {
  public:
    WorkerGroup(WorkerThread::Clock clock, WorkerThread::FailureSink on_failure)
        : clock_(std::move(clock)), on_failure_(std::move(on_failure)) {}
    ~WorkerGroup() { stop(); }

    /// Starts it. The thread stays valid until stop().
    WorkerThread& start(Worker& worker);
    /// One that goes by another clock than the group's.
    WorkerThread& start(Worker& worker, WorkerThread::Clock clock);
    void stop();
    [[nodiscard]] std::vector<WorkerHealth> health() const;

  private:
    WorkerThread::Clock clock_;
    WorkerThread::FailureSink on_failure_;
    std::vector<std::unique_ptr<WorkerThread>> threads_;
};

}  // namespace garita::runtime
