#pragma once
// Who did what, when, by which door. Rows are only ever added.

#include <cstdint>
#include <string>

#include "model/person.hpp"
#include "model/time.hpp"

namespace garita {

struct AuditEntry {
    std::int64_t id = 0;
    Time at{};
    Actor actor;
    std::string
        verb;  ///< "decide", "decide_refused", "rule_set", "rule_unset", "action_done", "login", "start" …
    std::string object;  ///< "case 12", "rule web1 block 192.0.2.1"
    std::string detail;  ///< free text for people; never a secret
};

}  // namespace garita
