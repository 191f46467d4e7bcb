#pragma once
// Letters that wait to be sent, in the hub's SQLite file.

#include "store/letter_book.hpp"

namespace garita::sqlite {

class SqliteLetterBook final : public store::LetterBook {
  public:
    std::vector<QueuedLetter> due(store::View& view, Time now, std::size_t limit) override;
    std::optional<Time> next_due(store::View& view) override;
    std::vector<QueuedLetter> about(store::View& view, std::string_view about, std::size_t limit) override;
    std::size_t waiting(store::View& view) override;
    std::size_t queued_since(store::View& view, std::string_view to, Time since) override;

    std::int64_t add(store::Transaction& transaction, const QueuedLetter& letter) override;
    void update(store::Transaction& transaction, const QueuedLetter& letter) override;
    std::size_t prune(store::Transaction& transaction, Time before, std::size_t limit) override;
};

}  // namespace garita::sqlite
