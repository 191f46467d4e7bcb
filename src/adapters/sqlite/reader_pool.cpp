#include "adapters/sqlite/reader_pool.hpp"

namespace garita::sqlite {

ReaderPool::Loan ReaderPool::borrow() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !idle_.empty() || open_ < most_; });
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(connection)};
    }
    ++open_;
    lock.unlock();
    try {
        return {*this, std::make_unique<Connection>(file_, Access::reader, options_)};
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        if (connection != nullptr)
            idle_.push_back(std::move(connection));
        else
            --open_;
    }
    returned_.notify_one();
}

}  // namespace garita::sqlite
