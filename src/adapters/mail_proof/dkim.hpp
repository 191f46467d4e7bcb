#pragma once
// DKIM (RFC 6376) by libopendkim, with what makes it a proof: the signing domain is the sender's, all of the
// body and the fields that count are signed, and it was signed just now.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/letter.hpp"
#include "access/proof.hpp"
#include "adapters/mail_proof/window.hpp"
#include "model/result.hpp"

namespace garita::mail_proof {

struct DkimSettings {
    /// A file of public keys instead of DNS, a line each: "selector._domainkey.example.org v=DKIM1; p=…".
    /// Whoever can forge answers of the resolver can forge signatures without it.
    std::string key_file;
    /// Domains that may sign for those below them: with "example.org" also ana@mail.example.org. A domain may
    /// always sign for itself.
    std::vector<std::string> parents;
    Window window;
    unsigned least_key_bits = 1024;
};

/// Any thread; a verification at a time for each.
class DkimVerifier {
  public:
    /// Errors: io (the key file), invalid (the library).
    static Result<DkimVerifier> open(DkimSettings settings);

    /// Of the letter as fetched, and as it was read. `once` is its Message-ID. Errors, each with its reason:
    /// forbidden (it proves nothing), unavailable (the key cannot be asked for now).
    [[nodiscard]] Result<access::Proof> verify(std::string_view raw, const access::Letter& letter,
                                               Time now) const;

  private:
    struct Library;
    explicit DkimVerifier(DkimSettings settings, std::shared_ptr<Library> library);
    DkimSettings settings_;
    std::shared_ptr<Library> library_;
};

}  // namespace garita::mail_proof
