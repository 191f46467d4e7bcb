#pragma once
// Letters about requests for access, written in the transaction that they tell of: to the approver, and to
// the addresses that hear of everything.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/working_hours.hpp"
#include "model/access_request.hpp"
#include "model/person.hpp"
#include "store/letter_book.hpp"

namespace garita::access {

struct Addressees {
    std::vector<std::string> notify;          ///< hear of every request, and of security notices
    std::string language = "en";              ///< of letters to them
    std::vector<Person> people;               ///< for the language of theirs
    std::shared_ptr<const LocalClock> clock;  ///< of times in letters; nothing: UTC
    /// Letters to one address: beyond that, answers are not written any more. What becomes of requests is
    /// always told.
    std::size_t most_an_hour = 500;
};

/// What a letter says, whoever gets it.
struct LetterText {
    std::string words;  ///< as QueuedLetter::words
    Facts facts;
    std::string appended{};
};

class Correspondence {
  public:
    Correspondence(store::LetterBook& book, Addressees addressees)
        : book_(book), addressees_(std::move(addressees)) {}

    struct Addressee {
        std::string mail;  ///< empty: nobody, and nothing is written
        std::string language{};
        std::string letter{};  ///< Message-ID of the letter that is answered; empty: none
    };
    void answer(store::Transaction& transaction, const Addressee& to, std::string_view about,
                const LetterText& text, Time now) const;
    /// To the request's approver, in answer to the approval, and to all of `notify`: each address once.
    void tell(store::Transaction& transaction, const AccessRequest& about, const LetterText& text,
              Time now) const;
    /// To all of `notify`.
    void notify(store::Transaction& transaction, std::string_view about, const LetterText& text,
                Time now) const;

    /// Whether tell() writes to this address.
    [[nodiscard]] bool hears_of(const AccessRequest& request, std::string_view mail) const;
    [[nodiscard]] std::string language_of(std::string_view mail) const;
    /// "2026-11-23 15:30 (UTC+3)"
    [[nodiscard]] std::string time_text(Time at) const;
    /// What every text about the request may name: id, mac, approver, switch, port, deadline.
    [[nodiscard]] Facts facts_of(const AccessRequest& request) const;
    [[nodiscard]] const LocalClock* clock() const { return addressees_.clock.get(); }

  private:
    void write(store::Transaction& transaction, const Addressee& to, std::string_view about,
               const LetterText& text, Time now) const;

    store::LetterBook& book_;
    Addressees addressees_;
};

}  // namespace garita::access
