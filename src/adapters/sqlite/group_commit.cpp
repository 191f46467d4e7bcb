#include "adapters/sqlite/group_commit.hpp"

#include <algorithm>

namespace garita::sqlite {

const std::shared_ptr<GroupCommit::Seat>& GroupCommit::seat_of_this_thread() {
    // a thread waits for one write at a time: a write inside a write is refused
    thread_local const auto seat = std::make_shared<Seat>();
    return seat;
}

void GroupCommit::call(Seat& seat, Turn turn) {
    seat.turn = turn;
    seat.bell.ring();
}

Result<void> GroupCommit::submit(const store::Store::Writing& work) {
    Waiter waiter;
    waiter.request.work = &work;
    waiter.seat = seat_of_this_thread();
    std::unique_lock lock(mutex_);
    if (leader_ == std::this_thread::get_id())
        return fail(ErrorCode::conflict, "internal error, please report it: a write inside a write");
    queue_.push_back(&waiter);
    const bool complete = wanted_ > 0 && queue_.size() >= wanted_;
    if (leader_) {
        lock.unlock();
        if (complete) company_.notify_one();
        waiter.seat->bell.wait();
        if (waiter.seat->turn == Turn::finished) return std::move(waiter.request.outcome);
        lock.lock();
    }
    lead(lock);  // the own request is in the batch: it was the first of the queue
    return std::move(waiter.request.outcome);
}

/// Half a commit's time at most: who waits so long still gains by not waiting for a whole one.
void GroupCommit::await_company(std::unique_lock<std::mutex>& lock) {
    const std::size_t most_of_them = std::min(expected_ - expected_ / 8, longest_batch);
    if (expected_ <= few || queue_.size() >= most_of_them) return;
    const auto patience = std::min<std::chrono::steady_clock::duration>(took_ / 2, longest_wait);
    wanted_ = most_of_them;
    company_.wait_for(lock, patience, [&] { return queue_.size() >= wanted_; });
    wanted_ = 0;
}

void GroupCommit::lead(std::unique_lock<std::mutex>& lock) {
    leader_ = std::this_thread::get_id();
    await_company(lock);
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), longest_batch));
    const std::vector<Waiter*> waiters(queue_.begin(), queue_.begin() + count);
    queue_.erase(queue_.begin(), queue_.begin() + count);
    lock.unlock();
    Batch batch;
    batch.reserve(waiters.size());
    for (auto* waiter : waiters)
        batch.push_back(&waiter->request);
    const auto began = std::chrono::steady_clock::now();
    commit_(batch);
    lock.lock();
    took_ = std::chrono::steady_clock::now() - began;
    expected_ = waiters.size() + queue_.size();
    leader_.reset();
    std::shared_ptr<Seat> next;
    if (!queue_.empty()) {
        leader_ = std::thread::id();  // promised: who comes now queues up
        next = queue_.front()->seat;
    }
    lock.unlock();
    if (next) call(*next, Turn::lead);
    for (auto* waiter : waiters) {
        if (waiter == waiters.front()) continue;  // this thread itself
        const auto seat = waiter->seat;           // the waiter ends its life as soon as it hears it
        call(*seat, Turn::finished);
    }
}

}  // namespace garita::sqlite
