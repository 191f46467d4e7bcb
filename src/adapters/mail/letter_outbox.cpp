#include "adapters/mail/letter_outbox.hpp"

#include <algorithm>

namespace garita::mail {

namespace {

using namespace std::chrono_literals;
using Kind = Delivery::Kind;
using State = QueuedLetter::State;

constexpr Duration idle = 60s;
/// What is longer stands beside the text.
constexpr std::size_t longest_appended = 8 * 1024;
constexpr std::size_t longest_attached = 4 * 1024 * 1024;
/// Of a crowd for one recipient, so that others are seen behind it.
constexpr int most_in_sight = 50;
constexpr Duration out_of_sight = 5s;
constexpr std::string_view cut_mark = "\n[...]\n";
std::string bounded(std::string_view text) {
    if (text.size() <= longest_attached) return std::string(text);
    return std::string(text.substr(0, longest_attached)).append(cut_mark);
}

/// "access A17" as "access-A17.txt"
std::string file_name(std::string_view about) {
    std::string name(about.empty() ? "letter" : about);
    std::replace(name.begin(), name.end(), ' ', '-');
    return name + ".txt";
}

/// The first of them names the letter, the others are paragraphs behind its text.
std::vector<std::string_view> split(std::string_view words) {
    std::vector<std::string_view> all;
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (end > 0) all.push_back(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return all;
}

AuditEntry given_up(const QueuedLetter& letter, Time now) {
    return {0,
            now,
            {Actor::Kind::system, "mail", "mail", Role::administrator},
            "letter_given_up",
            letter.about.empty() ? "mail " + letter.to : letter.about,
            "to " + letter.to + ": " + letter.last_error};
}

}  // namespace

LetterOutbox::LetterOutbox(Courier& courier, store::Store& store, store::LetterBook& book,
                           const decide::Catalogue& texts, Health& health, Settings settings,
                           runtime::Log log)
    : courier_(courier),
      store_(store),
      book_(book),
      texts_(texts),
      health_(health),
      settings_(std::move(settings)),
      log_(std::move(log)) {}

Result<Duration> LetterOutbox::step(Time now) {
    next_look_ = idle;
    if (auto done = write_results(now); !done) return tl::unexpected(std::move(done.error()));
    const auto outlook = look(now);
    if (!outlook) return tl::unexpected(outlook.error());
    health_.wait_others(outlook->waiting);
    if (outlook->next && *outlook->next > now) wait_until(*outlook->next, now);
    if (auto begun = begin_letters(outlook->due, now); !begun)
        return tl::unexpected(std::move(begun.error()));
    return next_look_;
}

void LetterOutbox::wait_until(Time due, Time now) {
    next_look_ = std::min(next_look_, std::max<Duration>(due - now, 1ms));
}

Result<void> LetterOutbox::write_results(Time now) {
    for (auto& delivery : courier_.take_finished(Courier::Writer::letters)) {
        auto flight = flights_.extract(delivery.ticket);
        if (flight.empty()) continue;
        auto letter = after(std::move(flight.mapped()), delivery, now);
        results_.push_back({std::move(letter), std::move(delivery)});
    }
    if (results_.empty()) return {};
    // kept until they are on disk: a full one must not make a letter go twice
    auto done = store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& result : results_) {
            book_.update(transaction, result.letter);
            if (result.letter.state == State::given_up)
                (void)transaction.add_audit(given_up(result.letter, now));
        }
        return {};
    });
    if (!done) return done;
    for (const auto& result : results_)
        with_the_post_.erase(result.letter.id);
    results_.clear();
    return {};
}

QueuedLetter LetterOutbox::after(QueuedLetter letter, const Delivery& delivery, Time now) {
    letter.last_error.clear();
    if (delivery.kind == Kind::taken) {
        courier_.taken(letter.to, now);
        letter.state = State::sent;
        log_.debug("a letter was taken",
                   {{"to", letter.to}, {"about", letter.about}, {"answer", delivery.text}});
        return letter;
    }
    letter.last_error = delivery.text;
    log_.warning("the mail server did not take a letter",
                 {{"to", letter.to}, {"about", letter.about}, {"answer", delivery.text}});
    letter.state = State::waiting;
    if (delivery.kind == Kind::refused) {
        letter.state = State::given_up;
    } else if (const auto again = courier_.not_taken(letter.to, delivery, now);
               delivery.kind == Kind::later) {
        // what is the server's fault is tried as soon as there is another server, or another password
        letter.next_try = again;
        if (++letter.tries >= most_attempts) letter.state = State::given_up;
        if (letter.state == State::given_up) letter.last_error = "refused for days: " + delivery.text;
    }
    if (letter.state != State::given_up) return letter;
    courier_.refused(letter.to, letter.last_error);
    log_.warning("a letter is given up",
                 {{"to", letter.to}, {"about", letter.about}, {"reason", letter.last_error}});
    return letter;
}

Result<LetterOutbox::Outlook> LetterOutbox::look(Time now) {
    Outlook outlook;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        outlook.due = book_.due(view, now, rows_at_once);
        outlook.next = book_.next_due(view);
        outlook.waiting = book_.waiting(view);
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    return outlook;
}

Result<void> LetterOutbox::begin_letters(const std::vector<QueuedLetter>& due, Time now) {
    if (due.empty()) return {};
    if (courier_.paused_until() > now) {
        wait_until(courier_.paused_until(), now);
        return {};
    }
    for (const auto& [address, lane] : courier_.lanes())
        if (lane.paused_until > now) wait_until(lane.paused_until, now);
    for (const auto& one : due) {
        if (!courier_.has_room()) return {};
        if (with_the_post_.contains(one.id) || !courier_.is_free(one.to, now)) continue;
        auto letter = one;
        letter.state = State::sending;
        auto claimed = store_.write([&](store::Transaction& transaction) -> Result<void> {
            book_.update(transaction, letter);
            return {};
        });
        if (!claimed) return claimed;
        with_the_post_.insert(letter.id);
        const auto ticket = courier_.send(Courier::Writer::letters, written(letter, now));
        flights_.emplace(ticket, std::move(letter));
    }
    return due.size() == rows_at_once ? put_off(due, now) : Result<void>{};
}

Result<void> LetterOutbox::put_off(const std::vector<QueuedLetter>& due, Time now) {
    std::map<std::string, int> seen;
    std::vector<QueuedLetter> later;
    for (const auto& one : due) {
        const auto lane = courier_.lanes().find(one.to);
        const bool is_paused = lane != courier_.lanes().end() && lane->second.paused_until > now;
        if (with_the_post_.contains(one.id) || (!is_paused && ++seen[one.to] <= most_in_sight)) continue;
        later.push_back(one);
        later.back().state = State::waiting;
        later.back().next_try = is_paused ? lane->second.paused_until : now + out_of_sight;
    }
    if (later.empty()) return {};
    next_look_ = Duration{0};
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& letter : later)
            book_.update(transaction, letter);
        return {};
    });
}

Letter LetterOutbox::written(const QueuedLetter& row, Time now) const {
    const auto& language = row.language.empty() ? settings_.language : row.language;
    const auto words = split(row.words);
    const std::string name(words.empty() ? "" : words.front());
    Letter letter;
    letter.from = settings_.from;
    letter.to = row.to;
    letter.subject = texts_.text(language, name + ".subject", row.facts);
    letter.text = texts_.text(language, name + ".text", row.facts) + '\n';
    for (std::size_t i = 1; i < words.size(); ++i)
        letter.text += '\n' + texts_.text(language, words[i], row.facts) + '\n';
    letter.id = row.message_id + '@' + settings_.from.substr(settings_.from.find('@') + 1);
    letter.answers = row.answers;
    letter.cause = row.answers.empty() ? Letter::Cause::event : Letter::Cause::letter;
    letter.date = now;
    letter.about = row.about;
    if (row.appended.size() > longest_appended)
        letter.attachment = {file_name(row.about), bounded(row.appended)};
    else if (!row.appended.empty())
        letter.text += '\n' + row.appended;
    return letter;
}

}  // namespace garita::mail
