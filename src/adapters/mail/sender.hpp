#pragma once
// Brings every case to every recipient that wants it: looks at the store's rows, hands letters to the
// courier, writes back what became of them.
//
// A row is claimed (sending_since) before its letter goes. After a crash the same letter goes again under the
// same Message-ID: at most one copy too many, which mail programs and many servers can tell.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/mail/courier.hpp"
#include "adapters/mail/letter_text.hpp"
#include "adapters/mail/settings.hpp"
#include "adapters/mail/thread.hpp"
#include "runtime/log/log.hpp"
#include "runtime/outbox/recent_times.hpp"

namespace garita::mail {

class Sender {
  public:
    /// All references outlive the sender.
    Sender(Courier& courier, store::Store& store, const decide::Catalogue& texts, Health& health,
           Settings settings, runtime::Log log);

    /// As Worker::step.
    Result<Duration> step(Time now);
    /// Letters are in no hurry that a commit of others should cost a look each; a flood still less.
    [[nodiscard]] Duration rest() const;

  private:
    static constexpr std::size_t rows_at_once = 5000;  ///< that one look sees

    /// A row that wants a letter.
    struct Task {
        Message message;
        Case about;
        Told told;  ///< as it is
        Stage stage = Stage::none;
    };
    /// What is on its way to one recipient.
    struct Flight {
        struct Row {
            Message message;
            Told told;  ///< if the letter is taken
            std::int64_t version = 0;
        };
        std::string to;
        std::vector<Row> rows;
        std::int64_t digest = 0;  ///< its number, if it is one
    };
    /// What is remembered of a recipient between steps; a restart may forget it.
    struct Pace {
        runtime::RecentTimes letters;
        std::optional<Time> crowded_since;  ///< more waits than may go
        std::optional<Time> last_digest;
    };
    struct Outlook {
        std::map<std::string, std::vector<Task>> tasks;  ///< by address, oldest first
        std::vector<Message> settled;                    ///< rows that want nothing; some changed
        std::size_t waiting = 0;
    };

    Result<void> open();
    /// A row for each open case and recipient, so that an outage loses none. True: there are more.
    Result<bool> enqueue();
    Result<Outlook> look(Time now);
    void look_at(store::View& view, Message message, Time now, Outlook& outlook);
    Result<void> settle(const std::vector<Message>& rows, Time now);
    Result<void> begin_letters(Outlook& outlook, Time now);
    Result<void> begin(const Recipient& to, std::vector<Task> tasks, Time now);
    std::vector<Task> late_together(const Recipient& to, const std::vector<Task>& tasks, Time now);
    Result<void> begin_letter(const Recipient& to, Task task, Time now);
    /// Number 0: the next one.
    Result<void> begin_digest(const Recipient& to, std::vector<Task> tasks, std::int64_t number, Time now);
    /// Writes down that it goes, then lets it go.
    Result<void> claim(Flight flight, const Letter& letter, Time now);

    Result<void> take_results(Time now);
    Result<void> taken(Flight flight, const Delivery& delivery, Time now);
    Result<void> not_taken(Flight flight, const Delivery& delivery, Time now);
    static void put_off(store::Transaction& transaction, std::string_view address, Time until, Time now);
    Result<void> give_up(Flight flight, const std::string& why, Time now);
    void wait_until(Time due, Time now);
    [[nodiscard]] const Recipient* recipient(std::string_view address) const;
    [[nodiscard]] decide::Reader reader(const Recipient& to) const { return {texts_, *to.zone, to.language}; }

    Courier& courier_;
    store::Store& store_;
    const decide::Catalogue& texts_;
    Health& health_;
    Settings settings_;
    runtime::Log log_;
    std::optional<LetterIds> ids_;
    std::map<std::string, Pace> paces_;
    std::map<std::uint64_t, Flight> flights_;
    Time settled_at_{};
    bool crowd_ = false;
    Duration next_look_{};
};

}  // namespace garita::mail
