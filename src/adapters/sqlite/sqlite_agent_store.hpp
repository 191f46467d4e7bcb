#pragma once
// The agent's store in one small SQLite file: one connection, tiny caches, every call its own transaction,
// synced before it returns.

#include <filesystem>
#include <memory>

#include "store/agent_store.hpp"

namespace garita::sqlite {

class SqliteAgentStore final : public store::AgentStore {
  public:
    struct Options {
        std::filesystem::path file;  ///< its directory must exist
        int cache_kib = 512;
    };
    /// Makes the file or brings it to this program's schema. From now on, actions that an earlier process
    /// began and never finished count as failed.
    [[nodiscard]] static Result<std::unique_ptr<SqliteAgentStore>> open(const Options& options);
    ~SqliteAgentStore() override;

    Result<void> flush() override;
    Result<void> push_alerts(const std::vector<Alert>& alerts, std::size_t limit) override;
    Result<std::vector<Alert>> oldest_alerts(std::size_t limit) override;
    Result<void> remove_alerts(const std::vector<AlertId>& delivered) override;
    Result<store::SpoolCounts> spool_counts() override;
    Result<std::vector<Alert>> alerts_after(AlertId after, std::size_t limit) override;
    Result<bool> decide_alone(const Alert& alert, const DecidedAlone& decided) override;
    Result<std::vector<store::OwnDecision>> own_decisions() override;
    Result<void> settle_own(const std::vector<std::string>& uids) override;

    Result<void> hold_rules(const std::vector<Rule>& changes, std::int64_t up_to_seq) override;
    Result<void> replace_rules(const std::vector<Rule>& all, std::int64_t up_to_seq) override;
    Result<std::vector<HeldRule>> held_rules() override;
    Result<std::int64_t> rules_seq() override;
    Result<std::size_t> forget_expired_rules(Time now) override;

    Result<bool> begin_action(ActionId id, Time now) override;
    Result<void> finish_action(const store::ActionReport& report, Time now) override;
    Result<std::vector<store::ActionReport>> unreported_actions() override;
    Result<void> acknowledge_actions(const std::vector<ActionId>& ids) override;
    Result<void> forget_actions() override;

    Result<void> hold_head(const store::HeldHead& head) override;
    Result<std::vector<store::HeldHead>> held_heads() override;
    /// Beside a running agent, or without one. Errors: no such file, or never opened by this version.
    [[nodiscard]] static Result<std::vector<store::HeldHead>> read_held_heads(
        const std::filesystem::path& file);

    Result<std::optional<std::string>> value(std::string_view key) override;
    Result<void> set_value(std::string_view key, std::string_view value) override;
    Result<void> push_alerts_and_value(const std::vector<Alert>& alerts, std::size_t limit,
                                       std::string_view key, std::string_view value) override;

  private:
    class State;
    explicit SqliteAgentStore(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace garita::sqlite
