#include "decide/on_call.hpp"

#include <algorithm>

namespace garita::decide {

namespace {

constexpr Duration clock_may_differ = std::chrono::minutes{1};

/// It came to its step long ago, and nothing has happened since. Whoever joins a step now is not woken by it.
bool is_long_past(const Case& about, Time now) {
    auto last = std::max(about.duty.reached_at, about.last_alert_at);
    if (about.duty.taken) last = std::max(last, about.duty.taken->until);
    return now - last > made_up_for;
}

bool waits_for_people(const Case& about, Time now) {
    const bool ran_out = about.expires_at && *about.expires_at <= now;
    return about.state == CaseState::open && !ran_out && !about.facts.contains("over");
}

/// A clock that was set back must not make it last longer than it was meant to.
bool has_lapsed(const Acknowledgement& taken, Time now) {
    return now >= taken.until || now + clock_may_differ < taken.at;
}

}  // namespace

Duration held_back_for(const Duty& duty, Time now) {
    if (!duty.taken) return duty.held;
    return duty.held + std::max(Duration{0}, std::min(now, duty.taken->until) - duty.taken->at);
}

bool is_taken(const Duty& duty) {
    return duty.taken && !duty.taken->over;
}

Course course_of(const Case& about, const OnCall& on_call, Time since, Time now) {
    Course course{about.duty.step, false, std::nullopt};
    if (!waits_for_people(about, now)) return course;
    if (is_taken(about.duty)) {
        if (!has_lapsed(*about.duty.taken, now)) {
            course.next = about.duty.taken->until;
            return course;
        }
        course.lapsed = true;
    }
    if (about.severity < on_call.least || about.opened_at < since) return course;
    // an old case may become severe only now
    const bool is_alive = now - about.last_alert_at <= made_up_for;
    const auto unanswered = now - about.opened_at - held_back_for(about.duty, now);
    for (auto step = static_cast<std::size_t>(course.step); step < on_call.steps.size(); ++step) {
        const auto after = on_call.steps[step].after;
        if (unanswered < after) {
            course.next = now + (after - unanswered);
            break;
        }
        if (unanswered - after <= made_up_for || is_alive) course.step = static_cast<int>(step) + 1;
    }
    return course;
}

Turn turn_of(const Case& about, int step, const QuietHours& quiet, Time now) {
    if (comes_late(about, step, quiet) && about.facts.contains("over")) return {Turn::Kind::never, {}};
    if (step > 0 && (about.duty.step < step || is_taken(about.duty))) return {Turn::Kind::not_yet, {}};
    if (step > 0 && is_long_past(about, now)) return {Turn::Kind::never, {}};
    if (quiet.hold(about.severity, now)) return {Turn::Kind::not_before, quiet.end_after(now).value_or(now)};
    return {};
}

bool comes_late(const Case& about, int step, const QuietHours& quiet) {
    return step > 0 || quiet.hold(about.severity, about.opened_at);
}

std::optional<Time> lapse_to_tell(const Case& about, Time now) {
    const auto& taken = about.duty.taken;
    if (about.state != CaseState::open || !taken || !taken->over) return std::nullopt;
    if (about.facts.contains("over") || now - taken->until > made_up_for) return std::nullopt;
    return taken->until;
}

}  // namespace garita::decide
