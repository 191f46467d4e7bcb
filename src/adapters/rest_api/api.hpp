#pragma once
// The REST API under /api/v1, the same for scripts (TLS and token) and the command line (local socket). What
// it offers is written in openapi.json, against which a test holds the server.

#include <functional>
#include <string>
#include <vector>

#include "access/desk.hpp"
#include "access/monitor.hpp"
#include "adapters/rest_api/caller.hpp"
#include "decide/agent_admission.hpp"
#include "decide/answering.hpp"
#include "decide/catalogue.hpp"
#include "decide/policy_desk.hpp"
#include "decide/rule_desk.hpp"
#include "decide/rule_door.hpp"
#include "enforce/rule_keeping.hpp"
#include "model/audit_proof.hpp"
#include "runtime/http/rate.hpp"
#include "runtime/http/router.hpp"
#include "scan/port_desk.hpp"
#include "scan/vantage_desk.hpp"
#include "store/store.hpp"

namespace boost::json {
class value;
}

namespace garita::rest_api {

/// Access for new devices at switch ports.
struct AccessParts {
    access::AccessDesk& desk;
    store::AccessBook& book;
    access::AccessMonitor& monitor;
    const decide::Catalogue& texts;
};

struct ApiParts {
    store::Store& store;
    decide::Answering& answering;
    decide::RuleDesk& rule_desk;
    decide::PolicyDesk& policy_desk;
    decide::AgentAdmission& admission;
    const CallerDirectory& callers;
    std::function<Time()> clock;
    /// What the hub says of itself: version, workers, channels; an object. Added to the store's part of
    /// /status.
    std::function<boost::json::value()> hub_status;
    std::size_t alerts_in_batch = 1000;
    runtime::http::RateLimit* alert_rate = nullptr;  ///< none: as many as come
    /// What agents have kept of the audit trail, to compare it with.
    std::function<std::vector<AgentHeads>()> agent_heads = [] { return std::vector<AgentHeads>(); };
    /// Rules of configured classes, and who reads what producers say of them. None: no routes for them.
    store::DeviceRules* device_rules = nullptr;
    const decide::RuleDoor* rule_door = nullptr;
    enforce::RuleKeeping* rule_keeping = nullptr;  ///< none: no routes that ask devices
    scan::PortDesk* ports = nullptr;               ///< none: no ports are watched
    scan::VantageDesk* vantages = nullptr;         ///< none: nobody looks from agents
    const AccessParts* access = nullptr;           ///< none: no new devices are let in
};

/// Adds all routes. The parts must outlive the router.
void add_api(runtime::http::Router& router, const ApiParts& parts);

/// The OpenAPI document.
[[nodiscard]] std::string_view openapi_document();

}  // namespace garita::rest_api
