#pragma once
// Rules of configured classes in memory, with the semantics of the real stores (it passes the same contract).
// Audit rows, saved answers and rings are those of the store beside it, in one write with the change.

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "store/device_rules.hpp"
#include "store/store.hpp"

namespace garita::fakes {

struct MemoryDeviceRulesState {
    struct Kept {
        std::optional<RuleValue> want, have;
        std::int64_t seq = 0;
        store::Lane lane = store::Lane::quick;
        Time at{};
        std::int64_t change = 0;
        std::optional<Time> expires_at;
    };
    struct Past {
        store::RuleTarget target;
        RuleKey key;
        std::int64_t seq = 0;
        std::optional<RuleValue> want;
        Time at{};
        std::int64_t change = 0;
        Time ended{};
    };
    struct Place {
        std::map<RuleKey, Kept> rules;
        std::map<RuleKey, store::RefusedRule> refused;
        std::map<store::Lane, std::int64_t> positions;
    };
    std::map<store::RuleTarget, Place> places;
    std::map<std::string, std::int64_t, std::less<>> last_seq;  ///< by device
    std::vector<Past> history;
    std::map<std::int64_t, store::RuleChangesEntry> changes;
    std::int64_t last_change = 0;
};

class MemoryDeviceRules final : public store::DeviceRules {
  public:
    /// The store outlives it.
    explicit MemoryDeviceRules(store::Store& store) : store_(store) {}

    [[nodiscard]] Result<store::ChangesOutcome> change(const store::RuleChanges& changes, Time now) override;
    [[nodiscard]] Result<store::DeviceRulePage> list(const store::DeviceRuleQuery& query) override;
    [[nodiscard]] Result<std::vector<store::RuleVersion>> versions(const store::RuleTarget& target,
                                                                   const RuleKey& key,
                                                                   std::size_t limit) override;
    [[nodiscard]] Result<std::vector<store::RuleChangesEntry>> changes(std::int64_t before,
                                                                       std::size_t limit) override;
    [[nodiscard]] Result<std::vector<store::ClassCounts>> counts() override;
    [[nodiscard]] Result<std::size_t> expire(Time now, std::size_t limit) override;
    [[nodiscard]] Result<std::optional<Time>> next_expiry() override;
    [[nodiscard]] Result<std::size_t> prune(Time history_before, std::size_t limit) override;
    [[nodiscard]] Result<store::ClassFeed> feed(const store::RuleTarget& target,
                                                const store::LanePositions& since,
                                                std::size_t limit) override;
    [[nodiscard]] std::unique_ptr<store::ClassBook> book(std::string device) override;

  private:
    class Book;
    using State = MemoryDeviceRulesState;
    /// `work` on a copy, which becomes the state if the store's write succeeds.
    using Work = std::function<void(State&, store::Transaction&)>;
    Result<void> write(const Work& work);
    [[nodiscard]] std::shared_ptr<const State> state();

    store::Store& store_;
    std::mutex mutex_;
    std::shared_ptr<const State> state_ = std::make_shared<State>();
};

}  // namespace garita::fakes
