#pragma once
// What has been carried out is written down a moment later, by a thread of its own: a device's changes do not
// wait for a store that is busy taking in a million others.

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "model/worker.hpp"
#include "store/class_book.hpp"

namespace garita::enforce {

/// A device's book whose records are kept in memory until flush(). What is lost with the process is applied
/// again, which does no harm. Whatever reads back what was recorded flushes first.
class RecordLater final : public store::ClassBook {
  public:
    using Lane = store::Lane;
    /// The book outlives it. `wake`: called when there is something to flush.
    RecordLater(store::ClassBook& book, std::function<void()> wake) : book_(book), wake_(std::move(wake)) {}

    Result<std::vector<store::PendingRule>> pending(std::string_view rules, Lane lane, std::int64_t after,
                                                    std::size_t limit) override {
        return book_.pending(rules, lane, after, limit);
    }
    Result<std::int64_t> recorded(std::string_view rules, Lane lane) override;
    Result<void> record(std::string_view rules, Lane lane, std::int64_t up_to,
                        std::span<const store::RefusedRule> refused, Time now) override;
    Result<std::vector<store::RefusedRule>> refused(std::string_view rules) override;
    Result<void> retried(std::string_view rules, std::span<const store::RefusedRule> tried,
                         std::span<const store::RefusedRule> still, Time now) override;
    Result<std::int64_t> wanted(std::string_view rules, const WantedSink& sink) override {
        return book_.wanted(rules, sink);
    }

    /// Any thread. What the store did not take stays for the next time.
    Result<void> flush(Time now);

  private:
    struct Position {
        std::int64_t up_to = 0;
        std::vector<store::RefusedRule> refused;
    };
    using Positions = std::map<std::pair<std::string, Lane>, Position>;
    void put_back(Positions& left);

    store::ClassBook& book_;
    std::function<void()> wake_;
    std::mutex flushing_;  ///< one at a time: a later record must not come before an earlier one
    std::mutex mutex_;     ///< over what follows
    Positions waiting_;
    std::size_t refusals_waiting_ = 0;
};

/// Flushes the books of some devices.
class Recorder final : public Worker {
  public:
    explicit Recorder(std::vector<RecordLater*> books) : books_(std::move(books)) {}
    [[nodiscard]] std::string_view name() const override { return "rule records"; }
    Result<Duration> step(Time now) override;

  private:
    std::vector<RecordLater*> books_;
};

}  // namespace garita::enforce
