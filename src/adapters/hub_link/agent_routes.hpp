#pragma once
// The hub's side of the link: what agents may ask, each for itself only.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/hub_link/heads_book.hpp"
#include "adapters/hub_link/protocol.hpp"
#include "decide/settlement.hpp"
#include "runtime/http/rate.hpp"
#include "runtime/http/router.hpp"
#include "runtime/secret/secret.hpp"
#include "store/store.hpp"

namespace garita::hub_link {

/// The topic that a waiting agent's request is parked on: woken by rings for its rules and actions.
[[nodiscard]] std::string agent_topic(std::string_view device);

struct AgentRoutesOptions {
    std::map<std::string, runtime::Secret> codes;  ///< by device name
    std::function<Time()> clock;
    /// One line for the administrator: a refused agent, a report that failed.
    std::function<void(std::string_view)> log;
    runtime::http::RateLimit* alert_rate = nullptr;  ///< none: as many as come
    /// Where it is noted what agents have kept of the audit trail.
    std::shared_ptr<HeadsBook> heads = std::make_shared<HeadsBook>();
};

class AgentRoutes {
  public:
    /// Store and settlement must outlive it, and it the router.
    AgentRoutes(store::Store& store, decide::Settlement& settlement, AgentRoutesOptions options);
    AgentRoutes(const AgentRoutes&) = delete;
    AgentRoutes& operator=(const AgentRoutes&) = delete;

    void add_to(runtime::http::Router& router);

  private:
    runtime::http::Answer take_alerts(const runtime::http::Request& request);
    runtime::http::Answer sync(const runtime::http::Request& request);
    /// The device's name, or the refusal.
    [[nodiscard]] Result<std::string> authenticate(const runtime::http::Request& request) const;
    struct Recorded {
        std::optional<Device> refresh;  ///< only when it was last seen is still to be written, and can wait
    };
    [[nodiscard]] Result<Recorded> record_report(const std::string& device, const SyncRequest& report,
                                                 Time now);
    [[nodiscard]] Result<void> note_device(const Device& device);
    [[nodiscard]] Result<SyncAnswer> look(const std::string& device, const SyncRequest& request, Time now);

    store::Store& store_;
    decide::Settlement& settlement_;
    AgentRoutesOptions options_;
};

}  // namespace garita::hub_link
