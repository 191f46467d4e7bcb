#pragma once
// The queries of the memory store; reading gets it as a View.

#include "fakes/memory_store.hpp"

namespace garita::fakes {

class MemoryTransaction final : public store::Transaction {
  public:
    explicit MemoryTransaction(MemoryState& state) : state_(state) {}

    // store::View
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

    // store::Transaction
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

    /// For what has rows of its own.
    [[nodiscard]] MemoryState& state() { return state_; }
    [[nodiscard]] std::vector<store::Ring> take_rings() { return std::move(rings_); }

  private:
    Case& must_case(CaseId id);
    void release_held(CaseId id);  ///< what waits for the end of quiet hours
    std::size_t prune_audit(Time before, Time now, std::size_t limit);
    Rule* rule_about(std::string_view device, std::string_view name, std::string_view params);
    std::int64_t next_rule_seq(const std::string& device);

    MemoryState& state_;
    std::vector<store::Ring> rings_;
};

}  // namespace garita::fakes
