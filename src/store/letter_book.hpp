#pragma once
// Letters that wait to be sent, in the same transactions as what they tell of.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/queued_letter.hpp"
#include "store/store.hpp"

namespace garita::store {

/// Of a message id.
inline constexpr std::size_t message_id_bytes = 16;

/// Beside one store: the View or Transaction has to be that store's own. tests/contract/store.
class LetterBook {
  public:
    LetterBook() = default;
    LetterBook(const LetterBook&) = delete;
    LetterBook& operator=(const LetterBook&) = delete;
    virtual ~LetterBook() = default;

    /// Waiting ones whose next_try is not in the future, and those in `sending` (a crash came between),
    /// oldest first.
    virtual std::vector<QueuedLetter> due(View& view, Time now, std::size_t limit) = 0;
    /// When the first of them is due; not in the future if any is now.
    virtual std::optional<Time> next_due(View& view) = 0;
    virtual std::vector<QueuedLetter> about(View& view, std::string_view about,
                                            std::size_t limit) = 0;  ///< oldest first
    virtual std::size_t waiting(View& view) = 0;                     ///< waiting or sending
    /// How many were queued to this address since then: nobody is to be flooded by answers.
    virtual std::size_t queued_since(View& view, std::string_view to, Time since) = 0;

    /// Returns its id. Rings Topic::letters. The message id is 128 random bits and no address: the sender
    /// adds the domain.
    virtual std::int64_t add(Transaction& transaction, const QueuedLetter& letter) = 0;
    /// By id: state, next_try, tries and last_error. Of what is sent or given up, `facts` and `appended` are
    /// forgotten: a letter may hold a code.
    virtual void update(Transaction& transaction, const QueuedLetter& letter) = 0;
    /// Forgets what is sent or given up and was queued before, at most `limit` a call; returns how many.
    virtual std::size_t prune(Transaction& transaction, Time before, std::size_t limit) = 0;
};

}  // namespace garita::store
