#pragma once
// Rows to values and back. The order of the columns is that of the select texts here.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "model/action.hpp"
#include "model/alert.hpp"
#include "model/audit_chain.hpp"
#include "model/case.hpp"
#include "model/device.hpp"
#include "model/enrolment.hpp"
#include "model/message.hpp"
#include "model/rule.hpp"

namespace garita::sqlite {

extern const std::string select_alert;        ///< FROM alerts WHERE
extern const std::string select_case;         ///< FROM cases c … WHERE
extern const std::string select_decision;     ///< FROM decisions WHERE
extern const std::string select_action;       ///< FROM actions WHERE
extern const std::string select_rule;         ///< FROM rules WHERE
extern const std::string select_message;      ///< FROM messages WHERE
extern const std::string select_audit;        ///< FROM audit WHERE
extern const std::string select_chain;        ///< FROM audit WHERE; for AuditRow
extern const std::string select_device;       ///< FROM devices
extern const std::string select_certificate;  ///< FROM agent_certificates WHERE

void read_row(const Statement& row, Alert& alert);
void read_row(const Statement& row, Case& read);
void read_row(const Statement& row, Decision& decision);
void read_row(const Statement& row, Action& action);
void read_row(const Statement& row, Rule& rule);
void read_row(const Statement& row, Message& message);
void read_row(const Statement& row, AuditEntry& entry);
void read_row(const Statement& row, AuditRow& link);
void read_row(const Statement& row, Device& device);
void read_row(const Statement& row, AgentCertificate& certificate);
void read_row(const Statement& row, EnrolmentCode& code);

template <typename T>
[[nodiscard]] std::vector<T> all_rows(Statement& statement) {
    std::vector<T> all;
    while (statement.step())
        read_row(statement, all.emplace_back());
    return all;
}
template <typename T>
[[nodiscard]] std::optional<T> one_row(Statement& statement) {
    if (!statement.step()) return std::nullopt;
    T value;
    read_row(statement, value);
    return value;
}

[[nodiscard]] std::string facts_text(const Facts& facts);
[[nodiscard]] Facts facts_of(std::string_view text);
[[nodiscard]] std::string order_text(const ActionOrder& order);
[[nodiscard]] std::optional<std::string> proposal_text(const std::optional<Proposal>& proposal);
[[nodiscard]] std::optional<std::string> provisional_text(const std::optional<Provisional>& provisional);
[[nodiscard]] std::optional<std::string> duty_text(const Duty& duty);
/// Of a provisional block that waits to be confirmed.
[[nodiscard]] std::optional<Time> unconfirmed_until(const Case& about);
[[nodiscard]] std::string responses_text(const std::vector<Response>& responses);
[[nodiscard]] std::optional<std::string> network_text(const std::optional<IpNetwork>& network);
[[nodiscard]] std::string networks_text(const std::vector<IpNetwork>& networks);
[[nodiscard]] std::string logins_text(const std::vector<Login>& logins);
[[nodiscard]] std::string lines_text(const std::vector<std::string>& lines);

}  // namespace garita::sqlite
