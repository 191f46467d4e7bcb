#include "access/working_hours.hpp"

#include <algorithm>

namespace garita::access {

namespace {

using std::chrono::days;
using std::chrono::minutes;
using Spans = std::vector<WorkingHours::Span>;

constexpr days longest_search{5 * 366};

/// A stretch of time within one local day in which the zone's clock does not change.
struct Stretch {
    Time begin;
    Time end;
    Duration offset;
    std::chrono::sys_days day;  ///< the local date

    [[nodiscard]] Time at(minutes of_day) const { return Time{day} + of_day - offset; }
};

Duration offset_at(const WorkingHours& hours, Time at) {
    return hours.clock ? Duration{hours.clock->offset(at)} : Duration::zero();
}

/// The first moment in (begin, end] at which the offset is another than at `begin`; it is one at `end`.
Time change_of_clock(const WorkingHours& hours, Time begin, Time end) {
    const auto before = offset_at(hours, begin);
    while (end - begin > Duration{1}) {
        const auto middle = begin + (end - begin) / 2;
        (offset_at(hours, middle) == before ? begin : end) = middle;
    }
    return end;
}

Stretch stretch_from(const WorkingHours& hours, Time begin) {
    const auto offset = offset_at(hours, begin);
    const auto day = std::chrono::floor<days>(begin + offset);
    Time end = Time{day + days{1}} - offset;
    if (offset_at(hours, end - Duration{1}) != offset) end = change_of_clock(hours, begin, end);
    return {begin, end, offset, day};
}

/// In order, and none of them twice.
Spans spans_of(const WorkingHours& hours, std::chrono::sys_days day) {
    if (hours.holidays.contains(std::chrono::year_month_day{day})) return {};
    auto spans = hours.days.at(std::chrono::weekday{day}.iso_encoding() - 1);
    std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    minutes until{0};
    for (auto& span : spans) {
        span.from = std::max(span.from, until);
        span.to = std::max(span.to, span.from);
        until = span.to;
    }
    return spans;
}

}  // namespace

bool WorkingHours::holds(Time at) const {
    const auto local = at + offset_at(*this, at);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto spans = spans_of(*this, day);
    return std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
        return local - Time{day} >= span.from && local - Time{day} < span.to;
    });
}

std::optional<Time> WorkingHours::after(Time from, Duration work) const {
    if (work <= Duration::zero()) return from;
    const auto last = from + longest_search;
    while (from < last) {
        const auto stretch = stretch_from(*this, from);
        for (const auto& span : spans_of(*this, stretch.day)) {
            const auto begin = std::max(stretch.at(span.from), stretch.begin);
            const auto end = std::min(stretch.at(span.to), stretch.end);
            if (end <= begin) continue;
            if (end - begin >= work) return begin + work;
            work -= end - begin;
        }
        from = stretch.end;
    }
    return std::nullopt;
}

}  // namespace garita::access
