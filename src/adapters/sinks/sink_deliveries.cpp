// Which delivery goes next, and what its end means.
#include <algorithm>

#include "adapters/sinks/sink.hpp"
#include "runtime/outbox/back_off.hpp"

namespace garita::sinks {

namespace {

using namespace std::chrono_literals;
using Kind = Outcome::Kind;

constexpr Duration first_wait = 5s;
constexpr Duration longest_wait = 1h;
constexpr Duration longest_asked_for = 24h;
/// So long a crowd gathers before the next digest tells of it.
constexpr Duration between_digests = 30s;
constexpr int tries_of_a_refused_one = 3;
/// What was tried as often lets others go first: it may be itself what the other side stumbles over.
constexpr int tries_before_others = 3;
/// In last_error of the rows that a digest on its way tells of, with its id.
constexpr std::string_view digest_mark = "digest ";

/// The digest that was on its way when the last run ended, or that was not taken; empty: none.
std::string_view digest_of(const Message& row) {
    const std::string_view mark = row.last_error;
    if (!row.sending_since || !mark.starts_with(digest_mark)) return {};
    const auto id = mark.substr(digest_mark.size());
    return id.substr(0, id.find(':'));
}

std::uint64_t seed_of(Time now, const Message& row) {
    return static_cast<std::uint64_t>(to_micros(now)) ^ static_cast<std::uint64_t>(row.id);
}

/// In microseconds since 1970: the acknowledgement whose end this tells; 0: another thing.
std::int64_t lapse_of(const Case& about, const decide::Told& told, Time now) {
    const auto lapse = decide::lapse_to_tell(about, now);
    return told.stage == decide::Stage::asked && lapse && told.lapse < to_micros(*lapse) ? to_micros(*lapse)
                                                                                         : 0;
}

bool is_stuck(const Message& row) {
    return row.attempts >= tries_before_others;
}

}  // namespace

std::vector<Sink::Task> Sink::choose(std::vector<Task> tasks, Time now) {
    if (tasks.empty()) return {};
    if (paused_until_ > now) {
        wait_until(paused_until_, now);
        return {};
    }
    if (std::any_of(tasks.begin(), tasks.end(), [](const Task& task) { return !is_stuck(task.message); }))
        std::erase_if(tasks, [](const Task& task) { return is_stuck(task.message); });
    std::string_view interrupted;
    for (const auto& task : tasks)
        if (interrupted.empty()) interrupted = digest_of(task.message);
    if (const std::string digest(interrupted); !digest.empty()) {
        // the same cases again: a receiver that knows the digest already may drop it
        std::erase_if(tasks, [&](const Task& task) { return digest_of(task.message) != digest; });
        return tasks;
    }
    std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
        if (is_stuck(a.message) && a.message.attempts != b.message.attempts)
            return a.message.attempts < b.message.attempts;  // all of them are: in turn
        const bool asked = a.stage == decide::Stage::asked;
        if (asked != (b.stage == decide::Stage::asked)) return asked;
        return a.about.severity > b.about.severity;
    });
    const auto is_late = [this](const Task& task) {
        return task.message.last_error == held_back ||
               decide::comes_late(task.about, settings_.audience.step, settings_.audience.quiet);
    };
    const auto late = std::count_if(tasks.begin(), tasks.end(), is_late);
    const bool together = static_cast<std::size_t>(late) > decide::late_one_by_one;
    if (tasks.size() <= settings_.limit && !together) {
        tasks.resize(1);
        return tasks;
    }
    if (last_digest_ && *last_digest_ <= now && now < *last_digest_ + between_digests) {
        wait_until(*last_digest_ + between_digests, now);
        return {};
    }
    last_digest_ = now;
    return tasks;
}

Result<Delivery> Sink::write_down(const std::vector<Task>& tasks, Time now) {
    std::vector<DeliveryIds::News> news;
    for (const auto& task : tasks)
        news.push_back(
            {task.about.id, task.stage, task.about.severity, lapse_of(task.about, task.told, now)});
    auto id = ids_->of(news);
    if (tasks.size() > 1) {
        std::vector<Case> cases;
        for (const auto& task : tasks)
            cases.push_back(task.about);
        return digest_delivery(std::move(id), cases, now, reader());
    }
    const auto& task = tasks.front();
    Progress progress;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        progress = view.progress(task.about.id);
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    return case_delivery(std::move(id), task.about, progress, task.told, task.stage, reader());
}

Result<void> Sink::claim(std::vector<Task>& tasks, const Delivery& delivery, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (auto& task : tasks) {
            auto& row = task.message;
            if (!row.sending_since) row.sending_since = now;  // since when it is tried
            row.next_try.reset();
            row.last_error = tasks.size() > 1 ? std::string(digest_mark) + delivery.id : std::string();
            transaction.update_message(row);
        }
        return {};
    });
}

Result<void> Sink::deliver(std::vector<Task> tasks, Time now) {
    // in the order of the rows, so that the same cases are named the same
    std::sort(tasks.begin(), tasks.end(),
              [](const Task& a, const Task& b) { return a.message.id < b.message.id; });
    const auto delivery = write_down(tasks, now);
    if (!delivery) return tl::unexpected(delivery.error());
    if (auto claimed = claim(tasks, *delivery, now); !claimed) return claimed;
    const auto outcome = carrier_.carry(*delivery, now);
    return conclude(std::move(tasks), outcome);
}

Result<void> Sink::conclude(std::vector<Task> tasks, const Outcome& outcome) {
    const auto now = clock_();
    if (outcome.kind == Kind::interrupted) return {};  // what is on its way stays marked so
    if (outcome.kind == Kind::taken) return taken(std::move(tasks), now);
    log_.warning("a delivery was not taken",
                 {{"to", name_}, {"cases", tasks.size()}, {"answer", outcome.text}});
    if (outcome.kind == Kind::later)
        return !outcome.wait && others_went_since(tasks) ? put_aside(std::move(tasks), outcome, now)
                                                         : try_later(std::move(tasks), outcome, now);
    // it is there, and lets us in
    failures_in_a_row_ = 0;
    failing_since_.reset();
    if (outcome.kind == Kind::refused) return try_this_later(std::move(tasks), outcome, now);
    report(outcome.text);
    for (auto& task : tasks)
        task.message.abandoned = true;
    return write_back(tasks, outcome.text, now);
}

Result<void> Sink::taken(std::vector<Task> tasks, Time now) {
    failures_in_a_row_ = 0;
    paused_until_ = {};
    failing_since_.reset();
    last_taken_ = now;
    health_.sent(now);
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        keep_failing_since(transaction);
        for (auto& task : tasks) {
            auto& row = task.message;
            row.external_id = to_text(decide::told_after(task.about, task.told, task.stage, now));
            row.shown_version = task.about.version;
            row.attempts = 0;
            row.sending_since.reset();
            row.next_try.reset();
            row.last_error.clear();
            transaction.update_message(row);
        }
        return {};
    });
}

/// Nothing goes there now, so all wait; a row that has waited too long is given up, and no other for it.
Result<void> Sink::try_later(std::vector<Task> tasks, const Outcome& outcome, Time now) {
    if (!failing_since_ || *failing_since_ > now) failing_since_ = now;
    const auto wait = runtime::back_off(first_wait, failures_in_a_row_++, longest_wait);
    const auto seed = seed_of(now, tasks.front().message);
    paused_until_ = now + std::max(runtime::spread(wait, seed),
                                   std::min(outcome.wait.value_or(Duration{0}), longest_asked_for));
    report(outcome.text);
    for (auto& task : tasks) {
        auto& row = task.message;
        ++row.attempts;
        // what is new, or goes on, has not waited for as long as the place fails
        row.abandoned = std::max(*failing_since_, task.about.updated_at) + settings_.give_up_after <= now;
        row.last_error += (tasks.size() > 1 ? ": " : "") + outcome.text;
    }
    return write_back(tasks, outcome.text, now);
}

bool Sink::others_went_since(const std::vector<Task>& tasks) const {
    const auto& since = tasks.front().message.sending_since;
    return last_taken_ && since && *since < *last_taken_;
}

Time Sink::next_try_of(const Message& row, Time now) {
    const auto wait = runtime::back_off(first_wait, row.attempts, longest_wait);
    const auto due = now + runtime::spread(wait, seed_of(now, row));
    tries_to_come_.insert(due);
    return due;
}

/// The place takes others, so they need not wait for this one; it has its span all the same.
Result<void> Sink::put_aside(std::vector<Task> tasks, const Outcome& outcome, Time now) {
    report(outcome.text);
    const auto due = next_try_of(tasks.front().message, now);
    for (auto& task : tasks) {
        auto& row = task.message;
        ++row.attempts;
        row.abandoned = row.sending_since.value_or(now) + settings_.give_up_after <= now;
        row.next_try = due;
        row.last_error += (tasks.size() > 1 ? ": " : "") + outcome.text;
    }
    return write_back(tasks, outcome.text, now);
}

/// The others may go meanwhile.
Result<void> Sink::try_this_later(std::vector<Task> tasks, const Outcome& outcome, Time now) {
    report(outcome.text);
    const auto due = next_try_of(tasks.front().message, now);
    for (auto& task : tasks) {
        auto& row = task.message;
        row.abandoned = ++row.attempts >= tries_of_a_refused_one;
        row.next_try = due;
        row.last_error += (tasks.size() > 1 ? ": " : "") + outcome.text;
    }
    return write_back(tasks, outcome.text, now);
}

Result<void> Sink::write_back(const std::vector<Task>& tasks, const std::string& why, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        keep_failing_since(transaction);
        for (const auto& task : tasks) {
            auto row = task.message;
            if (row.abandoned) row.sending_since.reset();
            transaction.update_message(row);
        }
        audit_given_up(transaction, tasks, why, now);
        return {};
    });
}

void Sink::audit_given_up(store::Transaction& transaction, const std::vector<Task>& tasks,
                          const std::string& why, Time now) const {
    const auto count =
        std::count_if(tasks.begin(), tasks.end(), [](const Task& task) { return task.message.abandoned; });
    if (count == 0) return;
    const auto object = tasks.size() > 1 ? name_ : "case " + std::to_string(tasks.front().about.id.value);
    const auto cases = tasks.size() > 1 ? std::to_string(count) + " cases " : std::string();
    (void)transaction.add_audit({0,
                                 now,
                                 {Actor::Kind::system, name_, settings_.kind, Role::administrator},
                                 "message_given_up",
                                 object,
                                 cases + "to " + name_ + ": " + why});
}

void Sink::keep_failing_since(store::Transaction& transaction) const {
    const auto key = failing_key(channel_);
    const auto text = failing_since_ ? std::to_string(to_micros(*failing_since_)) : std::string();
    if (transaction.value(key).value_or("") != text) transaction.set_value(key, text);
}

void Sink::report(const std::string& what) {
    if (health_.trouble(what)) log_.error("a sink needs attention", {{"about", name_}, {"what", what}});
}

}  // namespace garita::sinks
