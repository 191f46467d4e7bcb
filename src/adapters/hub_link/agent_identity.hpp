#pragma once
// The agent's certificates while it runs: shared by all that speak to the hub. Any thread.

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "adapters/hub_link/enrolling.hpp"
#include "adapters/hub_link/enrolment_protocol.hpp"
#include "runtime/signing/signing_key.hpp"

namespace garita::hub_link {

/// What a call shows and checks.
struct Credentials {
    std::string agent;
    std::string certificate;
    runtime::Secret key;
    runtime::VerifyingKey orders;
    std::optional<runtime::tls::Fingerprint> pin;
    std::int64_t version = 0;  ///< grows with each change
};

class AgentIdentity {
  public:
    /// Fails where this host is not enrolled and has no code to enrol with, or is somebody else by its file.
    [[nodiscard]] static Result<std::unique_ptr<AgentIdentity>> open(std::filesystem::path file,
                                                                     EnrolmentTask task);
    AgentIdentity(const AgentIdentity&) = delete;
    AgentIdentity& operator=(const AgentIdentity&) = delete;

    /// As the configuration calls this host.
    [[nodiscard]] const std::string& name() const { return task_.name; }
    /// Enrols first where there is no certificate yet; takes up a file that somebody else has changed.
    [[nodiscard]] Result<std::shared_ptr<const Credentials>> credentials();
    /// The hub has taken these: what came before them is over.
    void proved(const Credentials& shown);
    /// The hub refused these. True: there are others now, try again at once.
    [[nodiscard]] bool another_than(const Credentials& refused);

    /// How long nothing has to be done about the certificate.
    [[nodiscard]] std::optional<Duration> until_renewal(Time hub_now);
    /// The request for the next certificate when a third of the present one's time is left, by the hub's
    /// clock.
    [[nodiscard]] Result<std::optional<std::string>> renewal_due(Time hub_now);
    /// From now on the next one is shown; the one before stays until the hub has taken it.
    [[nodiscard]] Result<void> take_renewal(const NextCertificate& next);

    void cancel();  ///< ends an enrolment that is under way, and every later one, for shutdown

  private:
    AgentIdentity(std::filesystem::path file, EnrolmentTask task);
    Result<void> look_at_file();
    Result<void> enrol_now();
    Result<void> adopt(IdentityFile file);
    Result<void> save(IdentityFile file);

    const std::filesystem::path path_;
    const EnrolmentTask task_;
    std::mutex mutex_;  ///< also held while enrolling: there is nothing to show meanwhile
    IdentityFile file_;
    std::filesystem::file_time_type seen_{};
    std::shared_ptr<const Credentials> shown_;
    std::int64_t version_ = 0;
    std::mutex client_mutex_;
    std::shared_ptr<runtime::http::Client> client_;  ///< while enrolling
    bool cancelled_ = false;
};

}  // namespace garita::hub_link
