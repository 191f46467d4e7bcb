#pragma once
// The hub's side of the link: what agents may ask, each for itself only.

#include <functional>
#include <memory>
#include <string>

#include "adapters/hub_link/agent_registry.hpp"
#include "adapters/hub_link/class_desk.hpp"
#include "adapters/hub_link/heads_book.hpp"
#include "adapters/hub_link/protocol.hpp"
#include "adapters/hub_link/scan_desk.hpp"
#include "adapters/hub_link/signed_answer.hpp"
#include "decide/settlement.hpp"
#include "decide/standing.hpp"
#include "runtime/http/rate.hpp"
#include "runtime/http/router.hpp"
#include "store/store.hpp"

namespace garita::hub_link {

/// The topic that a waiting agent's request is parked on: woken by rings for its rules and actions.
[[nodiscard]] std::string agent_topic(std::string_view device);

struct AgentRoutesOptions {
    std::function<Time()> clock;
    /// One line for the administrator: a refused agent, a report that failed.
    std::function<void(std::string_view)> log;
    runtime::http::RateLimit* alert_rate = nullptr;  ///< none: as many as come
    /// Where it is noted what agents have kept of the audit trail.
    std::shared_ptr<HeadsBook> heads = std::make_shared<HeadsBook>();
    /// What the agent may do by itself while the hub is out of its reach; none: nothing. Called within a
    /// read.
    std::function<std::optional<decide::Standing>(store::View&, std::string_view device, Time now)>
        standing{};
    ClassDesk* classes = nullptr;  ///< of rules that agents keep; none: nobody does
    ScanDesk* scans = nullptr;     ///< of looking from agents; none: nobody does
};

class AgentRoutes {
  public:
    struct World {
        store::Store& store;
        decide::Settlement& settlement;
        AgentRegistry& registry;
        const runtime::SigningKey& orders;  ///< signs every answer
    };
    /// What `world` refers to must outlive it, and it the router.
    AgentRoutes(const World& world, AgentRoutesOptions options);
    AgentRoutes(const AgentRoutes&) = delete;
    AgentRoutes& operator=(const AgentRoutes&) = delete;

    void add_to(runtime::http::Router& router);

  private:
    /// Who asks, as the connection's certificate tells, and the request's random number.
    struct Asking {
        std::string device;
        std::string nonce;
    };
    using Serve = runtime::http::Answer (AgentRoutes::*)(const std::string& device,
                                                         const runtime::http::Request& request);
    /// Lets known agents through to `serve`, and signs what it answers.
    void add(runtime::http::Router& router, std::string_view path, std::size_t body_limit, Serve serve);
    [[nodiscard]] Result<Asking> authenticate(const runtime::http::Request& request) const;
    runtime::http::Answer take_alerts(const std::string& device, const runtime::http::Request& request);
    runtime::http::Answer sync(const std::string& device, const runtime::http::Request& request);
    runtime::http::Answer rules(const std::string& device, const runtime::http::Request& request);
    runtime::http::Answer scans(const std::string& device, const runtime::http::Request& request);
    runtime::http::Answer renew(const std::string& device, const runtime::http::Request& request);
    runtime::http::Answer enrol(const runtime::http::Request& request);
    void log_refusal(const runtime::http::Request& request, const Error& error) const;
    struct Recorded {
        std::optional<Device> refresh;  ///< only when it was last seen is still to be written, and can wait
    };
    /// `sent` is when the agent spoke, by the hub's clock: a report may have been held since.
    [[nodiscard]] Result<Recorded> record_report(const std::string& device, const SyncRequest& report,
                                                 Time now, Time sent);
    [[nodiscard]] Result<void> note_device(const Device& device);
    [[nodiscard]] Result<SyncAnswer> look(const std::string& device, const SyncRequest& request, Time now);

    store::Store& store_;
    decide::Settlement& settlement_;
    AgentRegistry& registry_;
    const runtime::SigningKey& orders_;
    AgentRoutesOptions options_;
};

}  // namespace garita::hub_link
