// Which letter goes next to a recipient, and how it goes.
#include <algorithm>
#include <charconv>

#include "adapters/mail/sender.hpp"

namespace garita::mail {

namespace {

using namespace std::chrono_literals;

/// So long a crowd gathers before a digest tells of it.
constexpr Duration gathering = 30s;
/// In last_error of the rows that a digest on its way tells of, with its number.
constexpr std::string_view digest_mark = "digest ";

std::string digest_key(std::string_view address) {
    return "mail.digest." + std::string(address);
}

std::int64_t number_in(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// The digest that was on its way when the last run ended, or whose answer never came; 0: none.
std::int64_t digest_under_way(const Message& row) {
    const std::string_view mark = row.last_error;
    if (!row.sending_since || !mark.starts_with(digest_mark)) return 0;
    return number_in(mark.substr(digest_mark.size()));
}

/// Many of these at once come as one letter.
bool is_late(const Case& about, const Message& row, const Recipient& to) {
    return row.last_error == held_back || decide::comes_late(about, to.step, to.quiet);
}

/// Letters of its own went before.
bool has_thread(const Told& told) {
    return told.stage == Stage::asked || told.stage == Stage::decided || told.stage == Stage::over;
}

std::string about_of(CaseId id) {
    return "case " + std::to_string(id.value);
}

}  // namespace

Result<void> Sender::begin(const Recipient& to, std::vector<Task> tasks, Time now) {
    auto& pace = paces_[to.address];
    std::int64_t interrupted = 0;
    for (const auto& task : tasks)
        interrupted = std::max(interrupted, digest_under_way(task.message));
    if (interrupted > 0) {
        // the same cases again: a server that knows the letter already may drop it
        std::erase_if(tasks, [&](const Task& task) { return digest_under_way(task.message) != interrupted; });
        return begin_digest(to, std::move(tasks), interrupted, now);
    }
    if (auto late = late_together(to, tasks, now); !late.empty()) {
        pace.last_digest = now;
        return begin_digest(to, std::move(late), 0, now);
    }
    std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
        if ((a.stage == Stage::asked) != (b.stage == Stage::asked)) return a.stage == Stage::asked;
        return a.about.severity > b.about.severity;
    });
    if (pace.letters.until_fewer(settings_.limit, settings_.per, now) <= Duration{0}) {
        pace.crowded_since.reset();
        return begin_letter(to, std::move(tasks.front()), now);
    }
    if (!pace.crowded_since) pace.crowded_since = now;
    auto due = *pace.crowded_since + gathering;
    if (pace.last_digest) due = std::max(due, *pace.last_digest + settings_.per);
    if (due > now) {
        wait_until(due, now);
        wait_until(now + pace.letters.until_fewer(settings_.limit, settings_.per, now), now);
        return {};
    }
    pace.crowded_since.reset();
    pace.last_digest = now;
    if (tasks.size() == 1) return begin_letter(to, std::move(tasks.front()), now);
    return begin_digest(to, std::move(tasks), 0, now);
}

/// What came to its step, or out of the quiet hours, at once with others. Empty: too few, or another digest
/// went just now.
std::vector<Sender::Task> Sender::late_together(const Recipient& to, const std::vector<Task>& tasks,
                                                Time now) {
    const auto& last = paces_[to.address].last_digest;
    if (last && *last <= now && now < *last + gathering) return {};
    std::vector<Task> late;
    for (const auto& task : tasks)
        if (is_late(task.about, task.message, to)) late.push_back(task);
    if (late.size() <= decide::late_one_by_one) late.clear();
    return late;
}

Result<void> Sender::begin_letter(const Recipient& to, Task task, Time now) {
    Progress progress;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        progress = view.progress(task.about.id);
        return {};
    });
    if (!read) return read;
    const auto way =
        settings_.way_to_answer ? settings_.way_to_answer(task.about, to.address, now) : WayToAnswer{};
    auto words = case_words(task.about, progress, task.told, task.stage, way, reader(to));
    Letter letter;
    letter.id = ids_->next(task.about, task.told, task.stage, to.address);
    if (task.told.digest > 0)
        letter.answers = ids_->digest(task.told.digest, to.address);
    else if (has_thread(task.told))
        letter.answers = ids_->root(task.about.id, to.address);
    letter.subject = std::move(words.subject);
    letter.text = std::move(words.text);
    letter.about = about_of(task.about.id);
    auto after = decide::told_after(task.about, task.told, task.stage, now);
    if (after.subject.empty()) after.subject = letter.subject;
    Flight flight;
    flight.to = to.address;
    flight.rows.push_back({std::move(task.message), std::move(after), task.about.version});
    return claim(std::move(flight), letter, now);
}

Result<void> Sender::begin_digest(const Recipient& to, std::vector<Task> tasks, std::int64_t number,
                                  Time now) {
    if (number == 0) {
        auto read = store_.read([&](store::View& view) -> Result<void> {
            number = number_in(view.value(digest_key(to.address)).value_or("")) + 1;
            return {};
        });
        if (!read) return read;
    }
    std::vector<Case> cases;
    Flight flight;
    flight.to = to.address;
    flight.digest = number;
    for (auto& task : tasks) {
        // a case that has letters of its own keeps their thread
        auto after = decide::told_after(task.about, task.told, task.stage, now);
        if (!has_thread(task.told)) after.digest = number;
        flight.rows.push_back({std::move(task.message), std::move(after), task.about.version});
        cases.push_back(std::move(task.about));
    }
    auto words = digest_words(cases, reader(to));
    Letter letter;
    letter.id = ids_->digest(number, to.address);
    letter.subject = std::move(words.subject);
    letter.text = std::move(words.text);
    letter.about = "digest";
    return claim(std::move(flight), letter, now);
}

Result<void> Sender::claim(Flight flight, const Letter& letter, Time now) {
    auto begun = store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (auto& row : flight.rows) {
            row.message.sending_since = now;
            row.message.next_try.reset();
            row.message.last_error =
                flight.digest > 0 ? std::string(digest_mark) + std::to_string(flight.digest) : std::string();
            transaction.update_message(row.message);
        }
        return {};
    });
    if (!begun) return begun;
    Letter whole = letter;
    whole.from = settings_.from;
    whole.to = flight.to;
    whole.date = now;
    const auto ticket = courier_.send(Courier::Writer::cases, whole);
    flights_.emplace(ticket, std::move(flight));
    return {};
}

Result<void> Sender::taken(Flight flight, const Delivery& delivery, Time now) {
    courier_.taken(flight.to, now);
    if (flight.digest == 0) paces_[flight.to].letters.add(now, settings_.per);
    log_.debug("a letter was taken",
               {{"to", flight.to}, {"cases", flight.rows.size()}, {"answer", delivery.text}});
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (auto& row : flight.rows) {
            row.message.external_id = to_text(row.told);
            row.message.shown_version = row.version;
            row.message.attempts = 0;
            row.message.sending_since.reset();
            row.message.next_try.reset();
            row.message.last_error.clear();
            transaction.update_message(row.message);
        }
        if (flight.digest > 0) transaction.set_value(digest_key(flight.to), std::to_string(flight.digest));
        return {};
    });
}

}  // namespace garita::mail
