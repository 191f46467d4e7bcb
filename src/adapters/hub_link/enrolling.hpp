#pragma once
// The agent's side of its enrolment: a code becomes a certificate.

#include <filesystem>
#include <optional>
#include <string>

#include "adapters/hub_link/identity_file.hpp"
#include "runtime/http/client.hpp"
#include "runtime/tls/fingerprint.hpp"

namespace garita::hub_link {

struct EnrolmentTask {
    std::string hub;                               ///< "https://hub:8443"
    runtime::Secret code;                          ///< one-time, or of both configurations
    std::string name;                              ///< empty: whoever a one-time code is for
    std::optional<runtime::tls::Fingerprint> pin;  ///< where the configuration names it
};

/// What the client has to be for this task: a one-time code names the hub's key.
[[nodiscard]] Result<runtime::http::ClientOptions> client_for(const EnrolmentTask& task);

/// Asks for a certificate with the client made by client_for(), and keeps everything in the file before it
/// returns. The same task again after any interruption ends in the same certificate. `unavailable`: the hub
/// did not answer, later again; `forbidden`: it refuses, or is not the hub that gave the code; `invalid`: the
/// code is none.
[[nodiscard]] Result<Identity> enrol(const std::filesystem::path& file, const EnrolmentTask& task,
                                     runtime::http::Client& client);

/// "the hub answered 401 to WHAT: its words"; `forbidden` for 401, `full` for 429, otherwise `unavailable`.
[[nodiscard]] Error unexpected_status(const runtime::http::ClientResponse& response, std::string_view what);

}  // namespace garita::hub_link
