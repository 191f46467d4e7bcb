#pragma once
// What one letter brings about. Read and proven outside, then one transaction: the letter is used up, its
// proof is used up, and whatever follows.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "access/desk.hpp"
#include "access/letter_reader.hpp"
#include "access/notice_pace.hpp"

namespace garita::access {

struct LetterRules {
    std::vector<Person> people;
    /// What a proof of the domain alone takes for an approval.
    enum class Code { wanted, not_wanted } code = Code::wanted;
    /// How long a letter whose proof cannot be looked at (no resolver) is tried again.
    Duration patience = std::chrono::hours{12};
};

/// A letter that waits in the mailbox. `key`: the mailbox and the uid, the same for ever.
struct FetchedLetter {
    std::string key;
    std::string_view raw;
    Time first_seen{};  ///< for `patience`
};

/// One thread.
class LetterDesk {
  public:
    struct Tools {
        store::Store& store;
        store::AccessBook& book;
        const Correspondence& letters;
        LetterReader& reader;
        ProofReader& prover;
        ConfirmationCodes& codes;
        AccessDesk& desk;
    };
    LetterDesk(const Tools& tools, LetterRules rules) : tools_(tools), rules_(std::move(rules)) {}

    enum class Taken {
        done,   ///< its effect is stored: it may leave the mailbox
        later,  ///< it has to stay and be tried again
    };
    /// Errors: the store's; nothing of the letter is stored then.
    [[nodiscard]] Result<Taken> take(const FetchedLetter& letter, Time now);
    /// A letter that could not be had: huge or stuck.
    [[nodiscard]] Result<void> set_aside(const std::string& key, NoticeKind kind, const std::string& why,
                                         Time now);
    /// Tells what was counted. Returns when to come again.
    [[nodiscard]] Result<std::optional<Time>> tell_counted(Time now);

  private:
    struct Notice {
        NoticeKind kind = NoticeKind::outsider;
        std::string sender{};  ///< empty: not known
        std::string why{};
        std::string shown{};             ///< of the letter
        std::optional<Person> person{};  ///< to whom the address belongs: is told, too
        std::string letter{};            ///< its Message-ID
    };
    [[nodiscard]] Result<Taken> take_proven(const FetchedLetter& fetched, const Letter& letter,
                                            const Person& person, const Proof& proof, Time now);
    [[nodiscard]] Result<Taken> pass_over(const std::string& key, const Letter& letter, Time now);
    [[nodiscard]] Result<Taken> unproven(const FetchedLetter& fetched, const Letter& letter,
                                         const Person& person, const Error& error, Time now);
    [[nodiscard]] Result<Taken> only_notice(const std::string& key, const std::optional<Notice>& notice,
                                            Time now);
    [[nodiscard]] Result<void> act(store::Transaction& transaction, const Petition& petition,
                                   const Proof& proof, std::string_view words, Time now);
    void notice(store::Transaction& transaction, const Notice& notice, Time now);

    Tools tools_;
    LetterRules rules_;
};

}  // namespace garita::access
