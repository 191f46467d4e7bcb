#pragma once
// A case as a Telegram message: text, buttons, and the tickets behind the buttons.

#include <string>
#include <vector>

#include "adapters/telegram/settings.hpp"
#include "model/message.hpp"
#include "store/store.hpp"

namespace garita::telegram {

/// Makes tickets from a key that never leaves the store: nobody else can make one, and the same button has
/// the same ticket after a restart. (keyed BLAKE2b of case, response and copy, 128 bits)
class TicketMint {
  public:
    /// Reads the key, or makes it on the first call.
    [[nodiscard]] static Result<TicketMint> open(store::Store& store);
    [[nodiscard]] std::string ticket(CaseId about, Response response, const Place& place) const;

  private:
    explicit TicketMint(std::string key) : key_(std::move(key)) {}
    std::string key_;
};

/// A sign for how it stands, and a blank.
[[nodiscard]] std::string_view mark(const Case& about);

/// What is said beside the case itself.
struct Notes {
    std::optional<Time> was_away_until;  ///< presses before may be lost
    bool may_be_twice = false;
};

[[nodiscard]] Text question_text(const Case& about, const Progress& progress, const Notes& notes,
                                 const decide::Reader& reader);
/// Its wide block is in force provisionally, and can be confirmed.
[[nodiscard]] bool waits_for_confirmation(const Case& about);
/// It takes answers by button: it is open, has something to confirm, or goes on at its source.
[[nodiscard]] bool has_buttons(const Case& about);
/// Empty for a case that has none.
[[nodiscard]] Keyboard question_keyboard(const Case& about, const Place& place, const TicketMint& mint,
                                         Settings::Taking taking, const decide::Reader& reader);
/// Stores what the buttons mean; those that are there already stay.
void keep_tickets(store::Transaction& transaction, const Case& about, const Place& place,
                  const TicketMint& mint, Settings::Taking taking, Time now);

}  // namespace garita::telegram
