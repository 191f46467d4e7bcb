#pragma once
// S/MIME signatures (RFC 8551) by OpenSSL. Whose certificate it is the people's list says, by the
// certificate's fingerprint; authorities have no say.

#include <string>
#include <string_view>
#include <vector>

#include "access/letter.hpp"
#include "access/proof.hpp"
#include "adapters/mail_proof/window.hpp"
#include "model/result.hpp"

namespace garita::mail_proof {

/// Of a letter that as a whole is signed, detached or with its content within, by one of the keys
/// ("smime:…", others are passed over). The certificate must be in force, be for signing mail, and name the
/// sender's address. `once` is the signed content's digest and time. Errors: forbidden, with the reason.
[[nodiscard]] Result<access::Proof> verify_smime(std::string_view raw, const access::Letter& letter,
                                                 const std::vector<std::string>& keys, const Window& window,
                                                 Time now);

}  // namespace garita::mail_proof
