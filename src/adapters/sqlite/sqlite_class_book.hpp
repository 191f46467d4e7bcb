#pragma once
// One device's rules of configured classes, as its reconciler sees them.

#include "adapters/sqlite/sqlite_store.hpp"
#include "store/class_book.hpp"

namespace garita::sqlite {

class SqliteClassBook final : public store::ClassBook {
  public:
    SqliteClassBook(SqliteStore& store, std::string device) : store_(store), device_(std::move(device)) {}

    [[nodiscard]] Result<std::vector<store::PendingRule>> pending(std::string_view rules, store::Lane lane,
                                                                  std::int64_t after,
                                                                  std::size_t limit) override;
    [[nodiscard]] Result<std::int64_t> recorded(std::string_view rules, store::Lane lane) override;
    [[nodiscard]] Result<void> record(std::string_view rules, store::Lane lane, std::int64_t up_to,
                                      std::span<const store::RefusedRule> refused, Time now) override;
    [[nodiscard]] Result<std::vector<store::RefusedRule>> refused(std::string_view rules) override;
    [[nodiscard]] Result<void> retried(std::string_view rules, std::span<const store::RefusedRule> tried,
                                       std::span<const store::RefusedRule> still, Time now) override;
    [[nodiscard]] Result<std::int64_t> wanted(std::string_view rules, const WantedSink& sink) override;

  private:
    SqliteStore& store_;
    std::string device_;
};

}  // namespace garita::sqlite
