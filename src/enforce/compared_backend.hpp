#pragma once
// For devices that have no mark of the last change: between full readings, what they hold is reckoned up in
// one number and compared with what was read and changed since. One entry more and one less are as many, and
// are found nevertheless.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "enforce/class_backend.hpp"
#include "model/time.hpp"

namespace garita::enforce {

/// The same for the same entries in any order; two lists that differ give the same once in 2^64.
class EntrySum {
  public:
    void add(const RuleKey& key, const RuleValue& value) { sum_ += hash(key, value); }
    void remove(const RuleKey& key, const RuleValue& value) { sum_ -= hash(key, value); }
    friend bool operator==(const EntrySum&, const EntrySum&) = default;

  private:
    [[nodiscard]] static std::uint64_t hash(const RuleKey& key, const RuleValue& value);
    std::uint64_t sum_ = 0;
};

/// Of a backend whose reading is one part. Its check tells `possible` also where the list says something
/// else than what was believed; a wrong belief of the caller's costs a reading, no more.
class ComparedBackend final : public ClassBackend {
  public:
    struct Pace {
        int share = 100;  ///< reading for this takes at most one part in so many of the time
        /// What takes longer to read is not read for this: changes would have to wait.
        Duration longest = std::chrono::milliseconds{200};
    };
    using Clock = std::function<Time()>;
    ComparedBackend(std::unique_ptr<ClassBackend> backend, Clock clock, Pace pace)
        : backend_(std::move(backend)), clock_(std::move(clock)), pace_(pace) {}
    ComparedBackend(std::unique_ptr<ClassBackend> backend, Clock clock)
        : ComparedBackend(std::move(backend), std::move(clock), Pace()) {}

    Result<void> prepare() override { return backend_->prepare(); }
    Result<std::vector<ChangeFailure>> apply(std::span<const ClassChange> changes) override;
    Result<void> read_back(const EntrySink& entry) override;
    Result<std::vector<ChangeFailure>> rebuild(const EntrySource& all, std::size_t count) override;
    Result<Drift> check(std::size_t count) override;
    Result<void> remove_all() override;
    [[nodiscard]] std::size_t batch_size() const override { return backend_->batch_size(); }

  private:
    Result<EntrySum> read(const EntrySink& entry);

    std::unique_ptr<ClassBackend> backend_;
    Clock clock_;
    Pace pace_;
    std::optional<EntrySum> believed_;  ///< nothing: not known, until all is read
    Duration reading_takes_{0};
    Time not_before_{};
};

}  // namespace garita::enforce
