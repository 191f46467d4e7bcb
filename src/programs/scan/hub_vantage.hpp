#pragma once
// An agent as a place to look from, for a person at the hub's machine: by way of the hub.

#include <chrono>
#include <stop_token>
#include <string>

#include "programs/cli/hub_connection.hpp"
#include "scan/vantage.hpp"

namespace garita::programs {

class HubVantage final : public scan::Vantage {
  public:
    HubVantage(std::string agent, const std::string& socket);

    /// Whether the agent is there. `unavailable`: it is not, after waiting for so long.
    [[nodiscard]] Result<void> wait_until_ready(Duration patience, const std::stop_token& stop);

    Result<std::string> order(const scan::VantageTask& task) override;
    Result<scan::VantageNews> look(const std::string& id) override;
    void stop(const std::string& id) override;
    std::string name() const override { return "agent " + agent_; }

  private:
    [[nodiscard]] Result<boost::json::value> call(runtime::http::Method method, const std::string& target,
                                                  std::string_view body);
    [[nodiscard]] std::string scans() const;

    const std::string agent_;
    HubConnection hub_;
    std::chrono::milliseconds pause_;
};

}  // namespace garita::programs
