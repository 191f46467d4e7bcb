// A request of somebody with every right through all of the REST API: first line "METHOD target", then the
// body. The desk stands on a store in memory with a device and an open case. Invariants: nothing throws;
// every answer is of a known status and holds a JSON document; an error says why; what was refused leaves the
// store readable.

#include <algorithm>
#include <array>
#include <string>

#include <boost/json/value.hpp>

#include "adapters/rest_api/api.hpp"
#include "attacked_hub.hpp"
#include "decide/desk.hpp"
#include "decide/filing.hpp"
#include "fakes/memory_device_rules.hpp"
#include "fakes/memory_store.hpp"
#include "fakes/no_agents.hpp"
#include "model/ready_classes.hpp"
#include "runtime/http/target.hpp"
#include "runtime/json/text.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;
namespace http = runtime::http;

constexpr Time now = fuzz::attacked_at;

Result<void> furnish(store::Transaction& tx) {
    Device web1;
    web1.protected_networks = {*IpNetwork::parse("198.51.100.1")};
    fuzz::add_attack(tx, web1);
    return {};
}

/// A hub's desk behind its API.
struct Hub {
    Hub() {
        must(store.write(furnish).has_value());
        must(filing.step(now).has_value());
        add_api(router, parts);
    }
    static rest_api::CallerDirectory callers_of_all() {
        Person ana;
        ana.name = "ana";
        ana.role = Role::administrator;
        using rest_api::Scope;
        rest_api::Token token{"t",
                              runtime::Secret("a-token-long-enough"),
                              {Scope::alerts_write, Scope::cases_read, Scope::decisions_write,
                               Scope::rules_read, Scope::rules_write, Scope::status_read, Scope::audit_read},
                              ana};
        return {{ana}, {std::move(token)}};
    }

    fakes::MemoryStore store;
    decide::DeskOptions options;
    decide::Desk desk{store, options};
    decide::RuleDesk rules{store, options};
    decide::PolicyDesk policies{store, options};
    decide::Filing filing{store, options};
    fakes::MemoryDeviceRules device_rules{store};
    decide::RuleDoor door{device_rules,
                          {{{"border1", "inet_access"}, *ready_class("inet_access")},
                           {{"border2", "shaping_in"}, *ready_class("shaping_in")}}};
    rest_api::CallerDirectory callers = callers_of_all();
    fakes::NoAgents nobody;
    rest_api::ApiParts parts{store,
                             desk,
                             rules,
                             policies,
                             nobody,
                             callers,
                             [] { return now; },
                             [] { return boost::json::value(boost::json::object()); },
                             1000,
                             nullptr,
                             [] { return std::vector<AgentHeads>(); },
                             &device_rules,
                             &door};
    http::Router router;
};

void check(const http::Response& response) {
    constexpr std::array known{200, 202, 400, 403, 404, 409, 422};
    must(std::find(known.begin(), known.end(), response.status) != known.end());
    const auto body = runtime::json::parse(response.body, "the answer");
    must(body && body->is_object());
    if (response.status >= 400 && !body->get_object().contains("outcome"))
        must(!body->at("detail").as_string().empty());
}

void call(Hub& hub, std::string_view method_word, std::string_view target_text, std::string_view body) {
    const auto method = http::parse_method(method_word);
    const auto target = http::parse_target(target_text);
    if (!method || !target) return;
    const auto found = hub.router.find(*method, target->path);
    const auto* const match = std::get_if<http::Router::Match>(&found);
    if (match == nullptr) return;
    http::Request request;
    request.method = *method;
    request.path = target->path;
    request.query = target->query;
    request.parameters = match->parameters;
    request.headers = {{"Authorization", "Bearer a-token-long-enough"}, {"Idempotency-Key", "k"}};
    request.body = std::string(body);
    if (!body.starts_with('{')) request.headers.add("Content-Type", "text/csv");
    request.peer.address = "203.0.113.9";
    const auto answer = match->route->handler(request);
    must(std::holds_alternative<http::Response>(answer));
    check(std::get<http::Response>(answer));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [head, body] = fuzz::first_line(fuzz::text_of(data, size));
    const auto space = head.find(' ');
    if (space == std::string_view::npos) return 0;
    Hub hub;
    call(hub, head.substr(0, space), head.substr(space + 1), body);
    call(hub, "GET", "/api/v1/cases/1", "");
    call(hub, "GET", "/api/v1/rules", "");
    call(hub, "GET", "/api/v1/audit", "");
    return 0;
}
