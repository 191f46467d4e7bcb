#pragma once
// OpenPGP signatures (RFC 3156: PGP/MIME) by GnuPG, in a home of its own without network. Whose key it is the
// people's list says, by the whole fingerprint; nobody else's trust matters.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "access/proof.hpp"
#include "adapters/mail_proof/window.hpp"
#include "model/result.hpp"

namespace garita::mail_proof {

class OpenPgpVerifier {
  public:
    /// `home` is made for this (mode 700) where there is none; the public keys of the files are brought into
    /// it. Errors: io (home, files), unavailable (no GnuPG on this host).
    static Result<OpenPgpVerifier> open(const std::filesystem::path& home,
                                        const std::vector<std::filesystem::path>& key_files);

    /// Of a letter that as a whole is signed by one of the keys ("openpgp:…", others are passed over), by the
    /// key itself or a subkey. Expired and revoked keys sign nothing. `once` is the signature's fingerprint
    /// and time. Errors: forbidden, with the reason; unavailable (GnuPG cannot be run).
    [[nodiscard]] Result<access::Proof> verify(std::string_view raw, const std::vector<std::string>& keys,
                                               const Window& window, Time now) const;

  private:
    explicit OpenPgpVerifier(std::string home) : home_(std::move(home)) {}
    std::string home_;
};

}  // namespace garita::mail_proof
