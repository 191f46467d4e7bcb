#include "adapters/sqlite/group_commit.hpp"

#include <algorithm>

namespace garita::sqlite {

Result<void> GroupCommit::submit(const store::Store::Writing& work) {
    Waiter waiter;
    waiter.request.work = &work;
    std::unique_lock lock(mutex_);
    if (leader_ == std::this_thread::get_id())
        return fail(ErrorCode::conflict, "internal error, please report it: a write inside a write");
    queue_.push_back(&waiter);
    if (wanted_ > 0 && queue_.size() >= wanted_) company_.notify_one();
    if (leader_) {
        waiter.wake.wait(lock, [&] { return waiter.finished || waiter.leads; });
        if (waiter.finished) return std::move(waiter.request.outcome);
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
    if (!queue_.empty()) {
        leader_ = std::thread::id();  // promised: who comes now queues up
        queue_.front()->leads = true;
        queue_.front()->wake.notify_one();
    }
    for (auto* waiter : waiters) {
        waiter->finished = true;
        waiter->wake.notify_one();  // under the lock: the waiter ends its life as soon as it sees `finished`
    }
}

}  // namespace garita::sqlite
