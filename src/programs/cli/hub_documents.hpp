#pragma once
// What a hub answers the command line, as values. Whoever sits behind the socket may answer anything: all is
// read strictly, and what is wrong is an Error that names the member.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "model/audit.hpp"
#include "model/case.hpp"
#include "model/counts.hpp"
#include "model/device.hpp"
#include "model/result.hpp"
#include "model/rule.hpp"

namespace garita::programs {

struct HubReply {
    int status = 0;
    boost::json::value body;
    std::string text;  ///< the body as it came, for --json
};

/// Answers of 2xx and 409 with an outcome (somebody was faster, a code is wanted) are replies; everything
/// else is an Error with the hub's own words.
[[nodiscard]] Result<HubReply> read_reply(int status, std::string text);

/// A case as the API tells it, with how far its effects have come.
struct ShownCase {
    Case about;
    Progress progress;
};
[[nodiscard]] Result<ShownCase> read_case(const boost::json::value& body);
[[nodiscard]] Result<std::vector<ShownCase>> read_cases(const boost::json::value& body);

struct AnsweredCase {
    std::string outcome;  ///< "accepted", "proposed", "already_decided", "code_wanted", "over"
    ShownCase shown;
};
[[nodiscard]] Result<AnsweredCase> read_answered_case(const boost::json::value& body);

[[nodiscard]] Result<std::vector<Rule>> read_rules(const boost::json::value& body);

struct ChangedRules {
    std::int64_t changed = 0;
    std::int64_t unchanged = 0;
    std::vector<std::string> refused;    ///< why, one for each network that was refused
    std::optional<CaseId> confirm_case;  ///< wide networks end soon unless this case is confirmed
};
[[nodiscard]] Result<ChangedRules> read_changed_rules(const boost::json::value& body);

/// What the hub says of itself and its devices.
struct HubStatus {
    std::string version;
    std::string started;
    std::string address;
    std::string pin;
    std::vector<std::string> troubles;
    std::vector<std::string> suspended_policies;
    StoreCounts counts;
    std::vector<Device> devices;
};
[[nodiscard]] Result<HubStatus> read_status(const boost::json::value& body);
[[nodiscard]] Result<std::vector<AuditEntry>> read_audit(const boost::json::value& body);

}  // namespace garita::programs
