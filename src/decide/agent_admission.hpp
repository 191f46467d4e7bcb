#pragma once
// Who may become an agent, and who is one no longer: what administrators ask for. Certificates and codes are
// made by an adapter.

#include <optional>
#include <string>
#include <vector>

#include "model/device.hpp"
#include "model/enrolment.hpp"
#include "model/person.hpp"
#include "model/result.hpp"

namespace garita::decide {

/// A one-time code, shown once and kept as a hash only.
struct EnrolmentOffer {
    std::string device;
    std::string code;
    Time expires_at{};
    std::string hub;  ///< the address that agents call
};

struct AgentStanding {
    Device device;
    std::optional<AgentCertificate> certificate;  ///< the one that counts, or the last one that did
    std::optional<Time> code_until;               ///< a code for it is still waiting to be used
};

class AgentAdmission {
  public:
    virtual ~AgentAdmission() = default;

    /// Any thread, all of them. Need the role administrator (`forbidden`, recorded). A new code ends the one
    /// before it for the same name. `invalid`: no name for a device, or too long a time.
    [[nodiscard]] virtual Result<EnrolmentOffer> offer(const std::string& device, Duration valid,
                                                       const Actor& by, Time now) = 0;
    /// Ends all its certificates, codes, connections and pending actions. `not_found`: nobody of that name.
    [[nodiscard]] virtual Result<void> revoke(const std::string& device, const Actor& by, Time now) = 0;

    /// By name; of all devices, agents or not.
    [[nodiscard]] virtual Result<std::vector<AgentStanding>> standings(Time now) = 0;
};

}  // namespace garita::decide
