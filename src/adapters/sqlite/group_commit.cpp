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
    if (leader_) {
        waiter.wake.wait(lock, [&] { return waiter.finished || waiter.leads; });
        if (waiter.finished) return std::move(waiter.request.outcome);
    }
    lead(lock);  // the own request is in the batch: it was the first of the queue
    return std::move(waiter.request.outcome);
}

void GroupCommit::lead(std::unique_lock<std::mutex>& lock) {
    leader_ = std::this_thread::get_id();
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), longest_batch));
    const std::vector<Waiter*> waiters(queue_.begin(), queue_.begin() + count);
    queue_.erase(queue_.begin(), queue_.begin() + count);
    lock.unlock();
    Batch batch;
    batch.reserve(waiters.size());
    for (auto* waiter : waiters)
        batch.push_back(&waiter->request);
    commit_(batch);
    lock.lock();
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
