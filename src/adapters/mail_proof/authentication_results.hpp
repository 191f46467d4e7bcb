#pragma once
// What the operator's own mail server found out about a letter (RFC 8601), where the operator says that it is
// believed. Anybody can write such a field; only the topmost counts, and only of the one server. That server
// has to take away others' fields with its name.

#include <string>
#include <string_view>

#include "access/letter.hpp"
#include "access/proof.hpp"
#include "adapters/mail_proof/window.hpp"
#include "model/result.hpp"

namespace garita::mail_proof {

struct TrustedServer {
    std::string name;  ///< its authserv-id
    Window window;     ///< of the letter's Date: it is all there is against letters sent again
};

/// dkim=pass or dmarc=pass for the sender's own domain; SPF alone is not enough. `once` is the letter's
/// Message-ID. Errors: forbidden, with the reason.
[[nodiscard]] Result<access::Proof> trusted_results(std::string_view raw, const access::Letter& letter,
                                                    const TrustedServer& server, Time now);

}  // namespace garita::mail_proof
