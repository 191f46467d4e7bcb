#include "decide/escalation.hpp"

#include <algorithm>
#include <charconv>

#include "decide/deciding.hpp"

namespace garita::decide {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view since_key = "on_call.since";
constexpr std::size_t open_in_page = 500;
constexpr std::size_t led_at_once = 1000;
constexpr Duration longest_look = 30s;
constexpr Duration shortest_rest = 500ms;
constexpr Duration nobody_on_call = 1min;
constexpr Duration for_each_open_case = 1ms;
constexpr Duration was_away_for = 3min;
constexpr Duration answers_come_first = 5s;

const Actor& on_call_itself() {
    static const Actor actor{Actor::Kind::system, "on call", {}, Role::administrator};
    return actor;
}

std::optional<Time> read_since(store::View& view) {
    const auto kept = view.value(since_key).value_or("");
    std::int64_t us = 0;
    const auto parsed = std::from_chars(kept.data(), kept.data() + kept.size(), us);
    return kept.empty() || parsed.ec != std::errc{} ? std::nullopt : std::optional(from_micros(us));
}

std::string in_seconds(Duration span) {
    return format_span(std::chrono::duration_cast<std::chrono::seconds>(span));
}

}  // namespace

bool Escalation::in_grace(Time now) {
    const bool away = !last_step_ || now < *last_step_ - was_away_for || now > *last_step_ + was_away_for;
    last_step_ = now;
    if (away) grace_until_ = now + answers_come_first;
    return grace_until_ && now < *grace_until_;
}

Result<void> Escalation::keep_since(Time now) {
    if (since_) return {};
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        since_ = read_since(transaction);
        if (since_) return {};
        since_ = now;
        transaction.set_value(since_key, std::to_string(to_micros(now)));
        return {};
    });
}

Result<void> Escalation::forget_since() {
    if (forgotten_) return {};
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        if (read_since(transaction)) transaction.set_value(since_key, "");
        return {};
    });
    forgotten_ = written.has_value();
    return written;
}

Result<Duration> Escalation::step(Time now) {
    auto kept = options_.on_call ? keep_since(now) : forget_since();
    if (!kept) return tl::unexpected(std::move(kept.error()));
    if (in_grace(now)) return *grace_until_ - now;
    const auto outlook = look(now);
    if (!outlook) return tl::unexpected(outlook.error());
    if (!outlook->due.empty()) {
        if (auto led = lead_on(outlook->due, now); !led) return tl::unexpected(std::move(led.error()));
        return Duration::zero();
    }
    return outlook->next ? std::clamp<Duration>(*outlook->next - now, 1ms, longest_look) : longest_look;
}

Result<Escalation::Outlook> Escalation::look(Time now) {
    Outlook outlook;
    std::size_t open = 0;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        outlook = {};
        open = 0;
        store::CaseQuery query;
        query.states = {CaseState::open};
        query.limit = open_in_page;
        for (;;) {
            const auto page = view.cases(query);
            open += page.size();
            for (const auto& about : page) {
                const auto course = course_of(about, on_call(), since_.value_or(now), now);
                if (course.step > about.duty.step || course.lapsed) outlook.due.push_back(about.id);
                if (course.next) outlook.next = std::min(outlook.next.value_or(*course.next), *course.next);
            }
            if (page.size() < open_in_page) return {};
            query.before = page.back().id;
        }
    });
    if (!looked) return tl::unexpected(looked.error());
    const auto shortest = options_.on_call ? shortest_rest : nobody_on_call;
    rest_ = std::clamp<Duration>(static_cast<std::int64_t>(open) * for_each_open_case, shortest, 1min);
    std::reverse(outlook.due.begin(), outlook.due.end());  // the oldest first
    return outlook;
}

Result<void> Escalation::lead_on(const std::vector<CaseId>& due, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (std::size_t i = 0; i < std::min(due.size(), led_at_once); ++i)
            lead_on(transaction, due[i], now);
        transaction.ring({store::Topic::cases, {}});
        return {};
    });
}

void Escalation::lead_on(store::Transaction& transaction, CaseId id, Time now) const {
    auto about = transaction.find_case(id);
    if (!about) return;
    const auto course = course_of(*about, on_call(), since_.value_or(now), now);
    auto& duty = about->duty;
    const int before = duty.step;
    if (course.step == before && !course.lapsed) return;
    if (course.lapsed) {
        duty.taken->over = true;
        duty.taken->until = std::max(duty.taken->at, std::min(duty.taken->until, now));
    }
    if (course.step > before) {
        duty.step = course.step;
        duty.reached_at = now;
    }
    about->updated_at = now;
    if (!transaction.update_case(*about)) return;
    if (course.lapsed)
        (void)transaction.add_audit({0, now, on_call_itself(), "acknowledgement_over", object_of(id),
                                     "the time of " + duty.taken->by.text() + " is over"});
    for (int step = before + 1; step <= course.step; ++step) {
        const auto& told = on_call().steps[static_cast<std::size_t>(step) - 1];
        (void)transaction.add_audit({0, now, on_call_itself(), "escalated", object_of(id),
                                     "nobody answered for " + in_seconds(told.after) + ": step " +
                                         std::to_string(step) + ", " + told.whom});
    }
}

}  // namespace garita::decide
