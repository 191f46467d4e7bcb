#pragma once
// One MaxPatrol SIEM 10 as a source of incidents. Each worker has one of its own, so that a poll that hangs
// holds back no decision; they share the login.
//
// Differences of versions are found out by asking: the list with or without a slash at its end, with or
// without the column of severity, an incident's own path.

#include <atomic>
#include <string>

#include "adapters/maxpatrol/access.hpp"
#include "adapters/maxpatrol/settings.hpp"
#include "adapters/maxpatrol/wire.hpp"
#include "incidents/incident_source.hpp"
#include "runtime/http/client.hpp"

namespace garita::maxpatrol {

class Siem final : public incidents::IncidentSource {
  public:
    /// Settings and access outlive it. One thread at a time, but for cancel().
    Siem(const Settings& settings, Access& access);

    [[nodiscard]] Result<incidents::Page> list(const incidents::Window& window, std::size_t offset,
                                               std::size_t limit) override;
    [[nodiscard]] Result<incidents::Incident> find(const std::string& id) override;
    [[nodiscard]] Result<incidents::IncidentEvents> events(const std::string& id, std::size_t most) override;
    [[nodiscard]] Result<std::vector<incidents::Transition>> history(const std::string& id) override;
    [[nodiscard]] Result<void> move(const std::string& id, IncidentStatus to,
                                    const std::string& message) override;
    [[nodiscard]] std::string link(const std::string& id) const override;
    void cancel() override;

  private:
    using Method = runtime::http::Method;
    using Response = runtime::http::ClientResponse;

    /// With the token; once more with a new one where it is refused.
    Result<Response> call(Method method, const std::string& path, const std::string& body = {});
    /// The first of these paths that the server knows; remembers which.
    Result<Response> read(std::size_t& known, const std::vector<std::string>& paths);
    [[nodiscard]] tl::unexpected<Error> unexpected(const std::string& what, const Response& response) const;

    const Settings& settings_;
    Access& access_;
    runtime::http::Client client_;
    bool slash_ = true;  ///< /api/v2/incidents/, as versions since 25 have it
    wire::Columns columns_ = wire::Columns::with_severity;
    std::size_t incident_path_ = 0;
    std::size_t history_path_ = 0;
};

}  // namespace garita::maxpatrol
