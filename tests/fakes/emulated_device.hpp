#pragma once
// A device far away: answers after a while, as one across a network does; or hangs until whoever
// called it gives up; or refuses everything.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "enforce/class_backend.hpp"

namespace garita::fakes {

class EmulatedDevice final : public enforce::ClassBackend {
  public:
    enum class Manner { healthy, hanging, refusing };
    /// The time limit of a call is everyone's: `hangs_for`.
    EmulatedDevice(Manner manner, std::chrono::microseconds answers_in, std::chrono::milliseconds hangs_for)
        : manner_(manner), answers_in_(answers_in), hangs_for_(hangs_for) {}

    /// Ends what hangs, for good.
    void let_go() {
        const std::lock_guard lock(mutex_);
        let_go_ = true;
        changed_.notify_all();
    }
    using Clock = std::chrono::steady_clock;
    /// When the newest change of this key was carried out.
    [[nodiscard]] std::optional<Clock::time_point> carried_out(const RuleKey& key) {
        const std::lock_guard lock(mutex_);
        const auto found = done_.find(key);
        return found == done_.end() ? std::nullopt : std::optional(found->second);
    }

    Result<void> prepare() override { return answer(); }
    Result<std::vector<enforce::ChangeFailure>> apply(
        std::span<const enforce::ClassChange> changes) override {
        if (auto answered = answer(); !answered) return tl::unexpected(answered.error());
        std::vector<enforce::ChangeFailure> failed;
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < changes.size(); ++i) {
            if (manner_ == Manner::refusing)
                failed.push_back({i, {ErrorCode::invalid, "refused", Retry::later}});
            else
                done_[changes[i].key] = Clock::now();
        }
        return failed;
    }
    Result<void> read_back(const enforce::EntrySink&) override { return answer(); }
    Result<std::vector<enforce::ChangeFailure>> rebuild(const enforce::EntrySource& all,
                                                        std::size_t) override {
        if (auto answered = answer(); !answered) return tl::unexpected(answered.error());
        std::vector<enforce::ChangeFailure> failed;
        std::size_t place = 0;
        all([&](const RuleKey&, const RuleValue&) {
            if (manner_ == Manner::refusing)
                failed.push_back({place, {ErrorCode::invalid, "refused", Retry::later}});
            ++place;
        });
        return failed;
    }
    Result<enforce::Drift> check(std::size_t) override {
        if (auto answered = answer(); !answered) return tl::unexpected(answered.error());
        return enforce::Drift::none;
    }
    Result<void> remove_all() override { return answer(); }

  private:
    Result<void> answer() {
        if (manner_ != Manner::hanging) {
            std::this_thread::sleep_for(answers_in_);
            return {};
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, hangs_for_, [this] { return let_go_; });
        return fail(ErrorCode::unavailable, "no answer in time", Retry::later);
    }

    Manner manner_;
    std::chrono::microseconds answers_in_;
    std::chrono::milliseconds hangs_for_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool let_go_ = false;
    std::unordered_map<RuleKey, Clock::time_point> done_;
};

}  // namespace garita::fakes
