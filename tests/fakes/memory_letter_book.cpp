#include "fakes/memory_letter_book.hpp"

#include <algorithm>

#include "store/random_hex.hpp"

namespace garita::fakes {
namespace {

using State = QueuedLetter::State;

MemoryState& of(store::View& view) {
    return dynamic_cast<MemoryTransaction&>(view).state();
}

bool is_over(State state) {
    return state == State::sent || state == State::given_up;
}

Time due_at(const QueuedLetter& letter) {
    return letter.state == State::sending ? letter.created_at : letter.next_try.value_or(letter.created_at);
}

}  // namespace

std::vector<QueuedLetter> MemoryLetterBook::due(store::View& view, Time now, std::size_t limit) {
    std::vector<QueuedLetter> found;
    for (const auto& [id, letter] : of(view).letters) {
        const bool is_time = letter.state == State::sending || !letter.next_try || *letter.next_try <= now;
        if (found.size() < limit && !is_over(letter.state) && is_time) found.push_back(letter);
    }
    return found;
}

std::optional<Time> MemoryLetterBook::next_due(store::View& view) {
    std::optional<Time> first;
    for (const auto& [id, letter] : of(view).letters)
        if (!is_over(letter.state)) first = std::min(first.value_or(due_at(letter)), due_at(letter));
    return first;
}

std::vector<QueuedLetter> MemoryLetterBook::about(store::View& view, std::string_view about,
                                                  std::size_t limit) {
    std::vector<QueuedLetter> found;
    for (const auto& [id, letter] : of(view).letters)
        if (found.size() < limit && letter.about == about) found.push_back(letter);
    return found;
}

std::size_t MemoryLetterBook::waiting(store::View& view) {
    const auto& all = of(view).letters;
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& one) { return !is_over(one.second.state); }));
}

std::size_t MemoryLetterBook::queued_since(store::View& view, std::string_view to, Time since) {
    const auto& all = of(view).letters;
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) {
        return one.second.to == to && one.second.created_at >= since;
    }));
}

std::int64_t MemoryLetterBook::add(store::Transaction& transaction, const QueuedLetter& letter) {
    auto& state = of(transaction);
    auto& stored = state.letters[++state.last_id] = letter;
    stored.id = state.last_id;
    stored.message_id = store::random_hex(store::message_id_bytes);
    transaction.ring({store::Topic::letters, {}});
    return stored.id;
}

void MemoryLetterBook::update(store::Transaction& transaction, const QueuedLetter& letter) {
    auto& letters = of(transaction).letters;
    const auto found = letters.find(letter.id);
    if (found == letters.end()) return;
    auto& stored = found->second;
    stored.state = letter.state;
    stored.next_try = letter.next_try;
    stored.tries = letter.tries;
    stored.last_error = letter.last_error;
    if (!is_over(stored.state)) return;
    stored.facts.clear();
    stored.appended.clear();
}

std::size_t MemoryLetterBook::prune(store::Transaction& transaction, Time before, std::size_t limit) {
    std::size_t removed = 0;
    std::erase_if(of(transaction).letters, [&](const auto& row) {
        return removed < limit && is_over(row.second.state) && row.second.created_at < before &&
               ++removed > 0;
    });
    return removed;
}

}  // namespace garita::fakes
