#pragma once
// Where letters come in: the mailbox with those who read, believe and answer.

#include <memory>

#include "access/letter_desk.hpp"
#include "access/reception.hpp"
#include "adapters/mailbox/server_mailbox.hpp"
#include "programs/hub_access/letter_proofs.hpp"

namespace garita::programs {

class Mailroom {
  public:
    struct Settings {
        mailbox::MailboxServer server;
        access::ReceptionSettings reception;
        mailbox::ReadingRules reading;
        ProofLadder::Rungs rungs;
        access::LetterRules rules;
    };
    struct Ground {
        store::Store& store;
        store::AccessBook& book;
        const access::Correspondence& letters;
        access::ConfirmationCodes& codes;
        access::AccessDesk& desk;
    };
    Mailroom(const Ground& ground, Settings settings)
        : mailbox_(std::move(settings.server)),
          reader_(std::move(settings.reading)),
          prover_(std::move(settings.rungs)),
          letter_desk_(
              {ground.store, ground.book, ground.letters, reader_, prover_, ground.codes, ground.desk},
              std::move(settings.rules)),
          reception_(mailbox_, ground.store, ground.book, letter_desk_, std::move(settings.reception)) {}
    Mailroom(const Mailroom&) = delete;
    Mailroom& operator=(const Mailroom&) = delete;

    [[nodiscard]] Worker& worker() { return reception_; }
    [[nodiscard]] const Worker& worker() const { return reception_; }
    /// Any thread: ends a wait for letters.
    void stop() { reception_.stop(); }

  private:
    mailbox::ServerMailbox mailbox_;
    MailReader reader_;
    ProofLadder prover_;
    access::LetterDesk letter_desk_;
    access::Reception reception_;
};

}  // namespace garita::programs
