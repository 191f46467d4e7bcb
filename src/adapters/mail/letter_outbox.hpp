#pragma once
// Sends the letters that wait in the store's book and are about no case: answers to people, reports. A row is
// claimed in a commit of its own before its letter goes. After a crash, and after silence, it goes again
// under the same Message-ID, so that servers and mail programs may know the second.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/mail/courier.hpp"
#include "decide/catalogue.hpp"
#include "store/letter_book.hpp"

namespace garita::mail {

class LetterOutbox {
  public:
    struct Settings {
        std::string from;
        std::string language = "en";  ///< where a letter names none
    };
    /// All references outlive the outbox.
    LetterOutbox(Courier& courier, store::Store& store, store::LetterBook& book,
                 const decide::Catalogue& texts, Health& health, Settings settings, runtime::Log log);

    /// As Worker::step.
    Result<Duration> step(Time now);

  private:
    static constexpr std::size_t rows_at_once = 1000;  ///< that one look sees

    struct Outlook {
        std::vector<QueuedLetter> due;
        std::optional<Time> next;
        std::size_t waiting = 0;
    };
    struct Outcome {
        QueuedLetter letter;
        Delivery delivery;
    };

    Result<void> write_results(Time now);
    /// How the row stands after it; tells the courier.
    QueuedLetter after(QueuedLetter letter, const Delivery& delivery, Time now);
    Result<Outlook> look(Time now);
    Result<void> begin_letters(const std::vector<QueuedLetter>& due, Time now);
    /// What waits for one recipient must not hide what others may get.
    Result<void> put_off(const std::vector<QueuedLetter>& due, Time now);
    [[nodiscard]] Letter written(const QueuedLetter& row, Time now) const;
    void wait_until(Time due, Time now);

    Courier& courier_;
    store::Store& store_;
    store::LetterBook& book_;
    const decide::Catalogue& texts_;
    Health& health_;
    const Settings settings_;
    runtime::Log log_;
    std::map<std::uint64_t, QueuedLetter> flights_;
    std::vector<Outcome> results_;          ///< not written down yet
    std::set<std::int64_t> with_the_post_;  ///< rows of both
    Duration next_look_{};
};

}  // namespace garita::mail
