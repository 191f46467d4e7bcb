#pragma once
// Several writers, one commit: whoever comes first while nobody writes takes everything that is queued,
// writes it in one transaction and wakes the others. An idle store commits at once, and a lone writer never
// waits for company. Where many write all the time, the next commit gives those that the last one served a
// moment to come again: otherwise two halves would take turns, each waiting for the other's sync.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "model/result.hpp"
#include "runtime/bell/bell.hpp"
#include "store/store.hpp"

namespace garita::sqlite {

/// One caller's write and its outcome; lives on the caller's stack.
struct WriteRequest {
    const store::Store::Writing* work = nullptr;
    Result<void> outcome;
};

class GroupCommit {
  public:
    using Batch = std::vector<WriteRequest*>;
    /// Fills every outcome of the batch; called by one thread at a time; must not throw.
    using CommitBatch = std::function<void(const Batch&)>;
    explicit GroupCommit(CommitBatch commit) : commit_(std::move(commit)) {}

    /// Blocks until the request has its outcome. conflict: called from inside a write.
    Result<void> submit(const store::Store::Writing& work);

  private:
    enum class Turn {
        finished,  ///< the outcome is there
        lead,      ///< nobody commits: write what is queued, the own request first
    };
    /// Where one thread waits for its turn, without the queue's lock, for which the threads of one batch
    /// would stand in line when they wake. Shared, because the waking thread may still hold it when the woken
    /// one has long gone on.
    struct Seat {
        runtime::Bell bell;
        Turn turn = Turn::finished;  ///< valid when the bell has rung
    };
    struct Waiter {
        WriteRequest request;
        std::shared_ptr<Seat> seat;
    };

    [[nodiscard]] static const std::shared_ptr<Seat>& seat_of_this_thread();
    static void call(Seat& seat, Turn turn);
    void lead(std::unique_lock<std::mutex>& lock);
    void await_company(std::unique_lock<std::mutex>& lock);

    static constexpr std::size_t longest_batch = 512;
    static constexpr std::size_t few = 4;  ///< writers; with so few it is not worth waiting
    static constexpr std::chrono::microseconds longest_wait{2000};
    CommitBatch commit_;
    std::mutex mutex_;
    std::deque<Waiter*> queue_;
    std::optional<std::thread::id> leader_;
    std::condition_variable company_;
    std::size_t expected_ = 0;  ///< writers that are likely to be there for the next commit
    std::size_t wanted_ = 0;    ///< queue for which a leader waits; 0: none waits
    std::chrono::steady_clock::duration took_{0};  ///< the last commit
};

}  // namespace garita::sqlite
