#pragma once
// Reading letters and their proofs, by the adapters that know how.

#include <optional>
#include <string>
#include <vector>

#include "access/letter_reader.hpp"
#include "adapters/mail_proof/authentication_results.hpp"
#include "adapters/mail_proof/dkim.hpp"
#include "adapters/mail_proof/openpgp.hpp"
#include "adapters/mailbox/letter_reader.hpp"

namespace garita::programs {

class MailReader final : public access::LetterReader {
  public:
    explicit MailReader(mailbox::ReadingRules rules) : rules_(std::move(rules)) {}
    [[nodiscard]] Result<access::Letter> read(std::string_view raw) override {
        return mailbox::read_letter(raw, rules_);
    }
    [[nodiscard]] Result<std::string> own_words_of(std::string_view signed_part) override;

  private:
    mailbox::ReadingRules rules_;
};

/// The strongest rung of the ladder that holds: a person's key, the domain's signature, the word of the one
/// server that is believed.
class ProofLadder final : public access::ProofReader {
  public:
    struct Rungs {
        mail_proof::Window window;
        std::optional<mail_proof::OpenPgpVerifier> openpgp{};
        std::optional<mail_proof::DkimVerifier> dkim{};
        std::optional<mail_proof::TrustedServer> server{};
    };
    explicit ProofLadder(Rungs rungs) : rungs_(std::move(rungs)) {}
    [[nodiscard]] Result<access::Proof> prove(std::string_view raw, const access::Letter& letter,
                                              const Person& person, Time now) override;

  private:
    Rungs rungs_;
};

}  // namespace garita::programs
