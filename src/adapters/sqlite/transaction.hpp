#pragma once
// The hub's queries. One class for both: reading gets it as a View on a connection that cannot write.

#include <map>

#include "adapters/sqlite/connection.hpp"
#include "store/store.hpp"

namespace garita::sqlite {

class SqliteTransaction final : public store::Transaction {
  public:
    explicit SqliteTransaction(Connection& db) : db_(db) {}

    // store::View: cases.cpp, effects.cpp, rules.cpp, messages.cpp, records.cpp, audit.cpp, enrolment.cpp
    std::vector<Alert> unfiled_alerts(std::size_t limit) override;
    std::vector<Alert> alerts_of(CaseId id, std::size_t limit) override;
    std::optional<Case> find_case(CaseId id) override;
    std::optional<Case> open_case_about(std::string_view device, std::string_view kind,
                                        std::string_view subject) override;
    std::optional<Case> last_case_about(std::string_view device, std::string_view kind,
                                        std::string_view subject) override;
    std::vector<Case> cases(const store::CaseQuery& query) override;
    std::vector<Case> silent_cases(Time now, std::size_t limit) override;
    std::optional<Time> next_silence() override;
    std::vector<Case> decided_cases(CaseId after, std::size_t limit) override;
    std::vector<Case> unconfirmed_cases(Time now, std::size_t limit) override;
    std::vector<Decision> policy_decisions(std::string_view policy, Time since, DecisionId after,
                                           std::size_t limit) override;
    Progress progress(CaseId id) override;
    std::optional<Action> find_action(ActionId id) override;
    std::vector<Action> actions_of(CaseId id) override;
    std::vector<Action> pending_actions(std::string_view device, Time now) override;
    std::vector<Rule> rules(const store::RuleQuery& query) override;
    std::vector<Rule> rule_changes(std::string_view device, std::int64_t after_seq,
                                   std::size_t limit) override;
    std::int64_t last_rule_seq(std::string_view device) override;
    std::optional<Time> next_rule_expiry() override;
    std::optional<Device> find_device(std::string_view name) override;
    std::vector<Device> devices() override;
    std::optional<AgentCertificate> find_certificate(std::string_view key) override;
    std::vector<AgentCertificate> certificates_of(std::string_view device) override;
    std::vector<EnrolmentCode> enrolment_codes() override;
    std::vector<AuditEntry> audit(const store::AuditQuery& query) override;
    std::vector<AuditRow> audit_rows(const store::AuditRange& range) override;
    AuditHead audit_head() override;
    std::vector<Case> cases_without_message(std::string_view channel, std::string_view place,
                                            std::size_t limit) override;
    std::vector<Message> stale_messages(std::string_view channel, Time now, std::size_t limit) override;
    std::vector<Message> messages_of(CaseId id) override;
    std::optional<ButtonTicket> find_ticket(std::string_view ticket) override;
    std::optional<std::string> value(std::string_view key) override;
    std::optional<std::string> saved_answer(std::string_view scope, std::string_view key) override;
    StoreCounts counts() override;

    // store::Transaction: the same files, and prune.cpp
    std::optional<AlertId> add_alert(const Alert& alert) override;
    void file_alert(AlertId alert, CaseId into) override;
    CaseId insert_case(const Case& new_case) override;
    [[nodiscard]] bool update_case(const Case& changed) override;
    [[nodiscard]] bool note_case(const Case& changed) override;
    void touch_case(CaseId id, Time now) override;
    [[nodiscard]] bool decide(const Decision& decision, CaseState state_after, Time now) override;
    ActionId insert_action(const Action& action) override;
    [[nodiscard]] bool finish_action(ActionId id, ActionState state, std::string_view result,
                                     Time now) override;
    std::vector<CaseId> expire_actions(Time now) override;
    std::optional<Rule> change_rule(const RuleChange& change, Time now) override;
    std::size_t inherit_rules(std::string_view device, Time now) override;
    std::vector<CaseId> confirm_rules(std::string_view device, std::int64_t up_to_seq,
                                      const std::vector<store::FailedRule>& failed,
                                      std::int64_t connections_cut, Time now) override;
    std::vector<std::string> expire_rules(Time now, std::size_t limit) override;
    void put_device(const Device& device) override;
    void set_revoked(std::string_view device, std::optional<Time> since) override;
    void put_certificate(const AgentCertificate& certificate) override;
    void put_enrolment_code(const EnrolmentCode& code) override;
    void remove_enrolment_codes(std::string_view device, Time expired_before) override;
    std::int64_t add_audit(const AuditEntry& entry) override;
    std::int64_t insert_message(const Message& message) override;
    void update_message(const Message& message) override;
    void move_messages(std::string_view channel, std::string_view from_place,
                       std::string_view to_place) override;
    void insert_tickets(const std::vector<ButtonTicket>& tickets) override;
    void set_value(std::string_view key, std::string_view value) override;
    void save_answer(std::string_view scope, std::string_view key, std::string_view answer,
                     Time now) override;
    std::size_t prune(const Retention& retention, std::size_t limit) override;
    void ring(store::Ring ring) override;

    /// Writes what was only counted in memory so far. To be called at the end of a successful function.
    void flush();
    [[nodiscard]] std::vector<store::Ring> take_rings() { return std::move(rings_); }
    /// For what has tables of its own.
    [[nodiscard]] Connection& connection() { return db_; }

  private:
    std::int64_t next_rule_seq(const std::string& device);
    std::optional<Rule> find_rule(std::string_view device, std::string_view name, std::string_view params);
    Rule add_rule(const RuleChange& change, Time now);
    Rule rewrite_rule(Rule stored, const RuleChange& change, Time now);
    Rule adopt_rule(Rule stored, const RuleChange& change, Time now);
    void settle_between(std::string_view device, std::int64_t after, std::int64_t before, Time now);
    void credit_cut(std::string_view device, std::int64_t up_to_seq, std::int64_t count, Time now);
    [[nodiscard]] bool write_case(const Case& changed, std::int64_t new_versions);
    void show_new_version(CaseId id);
    void mark_complete(std::string_view channel, std::string_view place);
    std::size_t prune_audit(Time before, Time now, std::size_t limit);
    std::size_t prune_alerts(Time before, std::size_t limit);
    std::size_t prune_cases(Time before, std::size_t limit);
    std::size_t remove_case(CaseId id, std::size_t limit);

    Connection& db_;
    std::vector<store::Ring> rings_;
    std::optional<std::int64_t> rule_seq_;                        ///< counted here until flush
    std::map<std::string, std::int64_t, std::less<>> positions_;  ///< likewise, of devices with changes
};

}  // namespace garita::sqlite
