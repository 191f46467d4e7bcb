// Letters that wait to be sent.

#include <set>

#include "contract/store_contract.hpp"

namespace garita::store::contract {
namespace {

using State = QueuedLetter::State;
using Ids = std::vector<std::int64_t>;

QueuedLetter some_letter(int n) {
    QueuedLetter letter;
    letter.to = "ana@example.org";
    letter.language = "es";
    letter.words = "access.accepted";
    letter.facts = {{"tracking", "A17"}, {"note", "línea \"1\"\n\t\\"}};
    letter.appended = "the log\nof it \xC3\xB1\n";
    letter.about = "access A17";
    letter.answers = "1.2.3@mx.example.org";
    letter.created_at = at(n);
    return letter;
}

class StoreLetters : public StoreContract {
  protected:
    QueuedLetter add(QueuedLetter letter) {
        write([&](Transaction& tx) { letter.id = book->add(tx, letter); });
        read([&](View& view) {
            for (const auto& one : book->about(view, letter.about, 1000))
                if (one.id == letter.id) letter.message_id = one.message_id;
        });
        return letter;
    }
    void put(const QueuedLetter& letter) {
        write([&](Transaction& tx) { book->update(tx, letter); });
    }
    Ids due(int now, std::size_t limit = 9) {
        Ids all;
        read([&](View& view) {
            for (const auto& one : book->due(view, at(now), limit))
                all.push_back(one.id);
        });
        return all;
    }
    std::optional<Time> next_due() {
        std::optional<Time> next;
        read([&](View& view) { next = book->next_due(view); });
        return next;
    }
    std::unique_ptr<LetterBook> book = GetParam().letter_book();
};

TEST_P(StoreLetters, AreKeptAsTheyAreWithAnIdOfTheirOwn) {
    auto full = some_letter(1);
    full.next_try = at(5);
    full.tries = 3;
    full.last_error = "450 busy";
    full.message_id = "nobody's";
    full = add(full);
    QueuedLetter plain;
    plain.to = "bo@example.org";
    plain = add(plain);
    if (GetParam().durable) reopen();
    read([&](View& view) {
        EXPECT_EQ(book->about(view, "access A17", 9), std::vector{full});
        EXPECT_EQ(book->about(view, "", 9), std::vector{plain});
        EXPECT_EQ(book->waiting(view), 2U);
    });
    EXPECT_NE(full.message_id, plain.message_id);
    for (const auto& id : {full.message_id, plain.message_id}) {
        EXPECT_EQ(id.size(), 2 * message_id_bytes);
        EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << id;
    }
}

TEST_P(StoreLetters, AreDueOldestFirstOnceTheirTimeHasCome) {
    EXPECT_EQ(next_due(), std::nullopt);
    auto first = add(some_letter(1));
    const auto second = add(some_letter(2));
    EXPECT_EQ(due(0), (Ids{first.id, second.id}));
    EXPECT_EQ(due(0, 1), Ids{first.id});
    EXPECT_EQ(next_due(), at(1));
    first.next_try = at(10);
    first.tries = 1;
    first.last_error = "450 busy";
    put(first);
    EXPECT_EQ(due(9), Ids{second.id});
    EXPECT_EQ(due(10), (Ids{first.id, second.id}));
    EXPECT_EQ(next_due(), at(2));
    put([&] {
        auto sent = second;
        sent.state = State::sent;
        return sent;
    }());
    EXPECT_EQ(next_due(), at(10));
    read([&](View& view) { EXPECT_EQ(book->waiting(view), 1U); });
    first.state = State::sending;
    put(first);
    EXPECT_EQ(due(3), Ids{first.id}) << "a crash came between";
    EXPECT_EQ(next_due(), at(1));
    read([&](View& view) {
        EXPECT_EQ(book->waiting(view), 1U);
        EXPECT_EQ(book->due(view, at(3), 1).front(), first);
    });
    first.state = State::given_up;
    put(first);
    EXPECT_EQ(due(30), Ids{});
    EXPECT_EQ(next_due(), std::nullopt);
}

TEST_P(StoreLetters, KeepNoSecretOnceTheyAreOver) {
    for (const auto state : {State::sent, State::given_up}) {
        auto letter = add(some_letter(1));
        letter.state = state;
        letter.tries = 2;
        letter.last_error = "550 no such user";
        put(letter);
        letter.facts.clear();
        letter.appended.clear();
        read([&](View& view) { EXPECT_EQ(book->about(view, "access A17", 9).back(), letter); });
    }
}

TEST_P(StoreLetters, OnlyHowTheyStandIsChanged) {
    const auto letter = add(some_letter(1));
    QueuedLetter other;
    other.id = letter.id;
    other.to = "mallory@example.org";
    other.tries = 4;
    put(other);
    auto expected = letter;
    expected.tries = 4;
    read([&](View& view) { EXPECT_EQ(book->about(view, "access A17", 9), std::vector{expected}); });
    other.id = 4711;
    put(other);
    read([&](View& view) { EXPECT_EQ(book->waiting(view), 1U); });
}

TEST_P(StoreLetters, AreCountedByWhomTheyGoTo) {
    for (int n = 0; n < 4; ++n)
        add(some_letter(n));
    auto other = some_letter(3);
    other.to = "bo@example.org";
    add(other);
    read([&](View& view) {
        EXPECT_EQ(book->queued_since(view, "ana@example.org", at(1)), 3U);
        EXPECT_EQ(book->queued_since(view, "ana@example.org", at(4)), 0U);
        EXPECT_EQ(book->queued_since(view, "bo@example.org", at(0)), 1U);
        EXPECT_EQ(book->about(view, "access A17", 2).size(), 2U);
    });
}

TEST_P(StoreLetters, AreForgottenOnceTheyAreOverAndOld) {
    const auto waiting = add(some_letter(0));
    for (int n = 1; n < 5; ++n) {
        auto letter = add(some_letter(n));
        letter.state = n % 2 == 0 ? State::sent : State::given_up;
        put(letter);
    }
    write([&](Transaction& tx) {
        EXPECT_EQ(book->prune(tx, at(4), 2), 2U);
        EXPECT_EQ(book->prune(tx, at(4), 2), 1U);
        EXPECT_EQ(book->prune(tx, at(4), 2), 0U);
    });
    read([&](View& view) {
        const auto left = book->about(view, "access A17", 9);
        ASSERT_EQ(left.size(), 2U);
        EXPECT_EQ(left[0], waiting);
        EXPECT_EQ(left[1].created_at, at(4));
    });
}

TEST_P(StoreLetters, RingAfterTheCommitAndOnlyThen) {
    std::vector<Ring> rings;
    store().on_ring([&](const Ring& ring) { rings.push_back(ring); });
    const auto failed = store().write([&](Transaction& tx) -> Result<void> {
        book->add(tx, some_letter(1));
        return fail(ErrorCode::conflict, "no");
    });
    EXPECT_FALSE(failed);
    EXPECT_TRUE(rings.empty());
    EXPECT_EQ(due(9), Ids{});
    add(some_letter(1));
    EXPECT_EQ(rings, (std::vector<Ring>{{Topic::letters, ""}}));
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreLetters, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
