#pragma once
// The hub's register of agents: lets new ones in by a code, knows whose certificate is whose, shuts out.
//
// A name goes through one line of certificates. The next one is valid beside the one in use; the first use of
// it ends all others of the name. So a lost answer or a crash costs nothing, and two who hold the same stolen
// certificate cannot both go on: the one who is late is refused, and says so.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/hub_link/enrolment_protocol.hpp"
#include "adapters/hub_link/wrong_codes.hpp"
#include "decide/agent_admission.hpp"
#include "runtime/http/message.hpp"
#include "runtime/secret/secret.hpp"
#include "runtime/tls/authority.hpp"
#include "store/store.hpp"

namespace garita::hub_link {

/// What the hub is towards agents: set once at its start.
struct HubIdentity {
    std::string url;  ///< that agents call
    runtime::tls::Fingerprint pin;
    std::string order_key;  ///< VerifyingKey
};

struct AgentRegistryOptions {
    std::map<std::string, runtime::Secret> pre_shared;  ///< enrolment codes of the configuration, by name
    Duration lifetime = std::chrono::days(90);          ///< of a certificate
    /// Closes the connections that showed these keys.
    std::function<void(std::vector<std::string> keys)> cut;
};

class AgentRegistry final : public decide::AgentAdmission {
  public:
    /// Store and authority outlive it.
    AgentRegistry(store::Store& store, const runtime::tls::Authority& authority, HubIdentity hub,
                  AgentRegistryOptions options);

    /// Whose connection this is, now: `forbidden` with the reason and the cure, `unavailable` when the store
    /// cannot tell.
    [[nodiscard]] Result<std::string> identify(const runtime::http::Peer& peer, Time now);
    /// `full`: too many wrong codes from there, later again. `forbidden` is recorded.
    [[nodiscard]] Result<EnrolAnswer> enrol(const EnrolRequest& request, const std::string& address,
                                            Time now);
    [[nodiscard]] Result<NextCertificate> renew(const std::string& device, std::string_view request,
                                                Time now);

    // decide::AgentAdmission
    Result<decide::EnrolmentOffer> offer(const std::string& device, Duration valid, const Actor& by,
                                         Time now) override;
    Result<void> revoke(const std::string& device, const Actor& by, Time now) override;
    Result<std::vector<decide::AgentStanding>> standings(Time now) override;

  private:
    using Tx = store::Transaction;
    [[nodiscard]] Result<void> begin_use(const std::string& key, Time now);
    [[nodiscard]] Result<AgentCertificate> admit(Tx& tx, const EnrolRequest& request,
                                                 const runtime::tls::CertificateRequest& asked, Time now);
    [[nodiscard]] Result<AgentCertificate> admit_by_ticket(Tx& tx, const EnrolRequest& request,
                                                           const runtime::tls::CertificateRequest& asked,
                                                           Time now);
    [[nodiscard]] Result<AgentCertificate> admit_by_configuration(
        Tx& tx, const EnrolRequest& request, const runtime::tls::CertificateRequest& asked, Time now);
    /// Certifies the key for the name, and makes the name a device that counts.
    [[nodiscard]] Result<AgentCertificate> certify(Tx& tx, const std::string& device,
                                                   const runtime::tls::CertificateRequest& asked, Time now);
    [[nodiscard]] Result<void> note_refusal(const EnrolRequest& request, const std::string& address,
                                            const std::string& why, Time now);

    store::Store& store_;
    const runtime::tls::Authority& authority_;
    const HubIdentity hub_;
    const AgentRegistryOptions options_;
    WrongCodes wrong_;
};

}  // namespace garita::hub_link
