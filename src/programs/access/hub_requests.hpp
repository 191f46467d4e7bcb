#pragma once
// Requests for access as a hub tells them, read strictly: whoever sits behind the socket may answer anything.

#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "model/access_request.hpp"
#include "model/result.hpp"

namespace garita::programs {

/// Its `outcome` is the hub's English text.
[[nodiscard]] Result<AccessRequest> read_access_request(const boost::json::value& body);
[[nodiscard]] Result<std::vector<AccessRequest>> read_access_requests(const boost::json::value& body);

struct ShownRequest {
    AccessRequest about;
    std::vector<AccessSurvey> surveys;
    std::vector<AccessLine> log;
};
[[nodiscard]] Result<ShownRequest> read_shown_request(const boost::json::value& body);

struct AccessAnswer {
    std::string text;
    std::string tracking;  ///< empty: of no request
};
[[nodiscard]] Result<AccessAnswer> read_access_answer(const boost::json::value& body);

struct ShownSwitch {
    std::string name, address, state, error;
    std::optional<Time> last_session, next_try;
};
struct ShownSource {
    std::string what, error;
    std::optional<Time> last_look;
};
struct ShownAccess {
    std::vector<ShownSwitch> switches;
    std::vector<ShownSource> sources;  ///< mailbox and databases
    std::string receiver;              ///< in words; empty: none
    std::int64_t open = 0;
};
[[nodiscard]] Result<ShownAccess> read_access_status(const boost::json::value& body);

}  // namespace garita::programs
