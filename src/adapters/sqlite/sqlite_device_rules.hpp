#pragma once
// Rules of configured classes in the hub's SQLite file.

#include "adapters/sqlite/sqlite_store.hpp"
#include "store/device_rules.hpp"

namespace garita::sqlite {

class SqliteDeviceRules final : public store::DeviceRules {
  public:
    /// The store outlives it.
    explicit SqliteDeviceRules(SqliteStore& store) : store_(store) {}

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
    SqliteStore& store_;
};

}  // namespace garita::sqlite
