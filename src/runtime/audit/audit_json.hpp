#pragma once
// Rows, heads and verdicts of the audit trail as JSON: for its export, the REST API and the link to agents.

#include <boost/json/value.hpp>

#include "model/audit_proof.hpp"
#include "runtime/json/reader.hpp"

namespace garita::runtime::audit {

[[nodiscard]] boost::json::value to_json(const AuditRow& row);
[[nodiscard]] boost::json::value to_json(const AuditHead& head);
[[nodiscard]] boost::json::value to_json(const AuditVerdict& verdict);

[[nodiscard]] Result<AuditRow> audit_row_from_json(const boost::json::value& value,
                                                   std::string_view where = {},
                                                   json::Unknown unknown = json::Unknown::refuse);
[[nodiscard]] Result<AuditHead> audit_head_from_json(const boost::json::value& value,
                                                     std::string_view where = {},
                                                     json::Unknown unknown = json::Unknown::refuse);

/// One line of an export.
[[nodiscard]] Result<AuditRow> parse_audit_line(std::string_view line);

}  // namespace garita::runtime::audit
