#include "detect/log_time.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <limits>

#include "detect/text_scan.hpp"

namespace garita::detect {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;

/// Stamps outside what a window can hold are no stamps.
constexpr std::int64_t latest_second = std::numeric_limits<std::uint32_t>::max();

std::optional<EventTime> in_range(std::int64_t second) {
    if (second < 0 || second > latest_second) return std::nullopt;
    return EventTime{seconds{second}};
}

unsigned month_number(const char* name) {
    static constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (unsigned month = 0; month < 12; ++month)
        if (names.substr(month * 3, 3) == std::string_view(name, 3)) return month + 1;
    return 0;
}

std::optional<std::int64_t> midnight_of(unsigned year, unsigned month, unsigned day) {
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                              std::chrono::day(day)};
    if (!date.ok()) return std::nullopt;
    return sys_seconds(sys_days(date)).time_since_epoch().count();
}

/// "06:08:25" as seconds of the day; a leap second counts as the next one.
std::optional<std::int64_t> second_of_day(const char* text) {
    const unsigned hour = two_digits(text);
    const unsigned minute = two_digits(text + 3);
    const unsigned second = two_digits(text + 6);
    if (hour > 23 || minute > 59 || second > 60 || text[2] != ':' || text[5] != ':') return std::nullopt;
    return hour * 3600 + minute * 60 + second;
}

/// "-0700", or "-07:00" with a colon.
std::optional<std::int64_t> zone_offset(std::string_view text) {
    const bool colon = text.size() == 6 && text[3] == ':';
    if (!colon && text.size() != 5) return std::nullopt;
    const unsigned hours = two_digits(text.data() + 1);
    const unsigned minutes = two_digits(text.data() + (colon ? 4 : 3));
    if (hours > 23 || minutes > 59 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const std::int64_t offset = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
    return text[0] == '+' ? offset : -offset;
}

}  // namespace

std::optional<EventTime> ClfClock::read(std::string_view text) {
    if (text.size() != length || text[11] != ':' || text[20] != ' ') return std::nullopt;
    const char* at = text.data();
    const bool first = date_text_[0] == '\0';  // NUL bytes in a line must not match what is not there yet
    if (first || std::memcmp(at, date_text_.data(), 11) != 0 ||
        std::memcmp(at + 21, zone_text_.data(), 5) != 0) {
        const unsigned day = two_digits(at);
        const unsigned month = month_number(at + 3);
        const unsigned century = two_digits(at + 7);
        const unsigned year = two_digits(at + 9);
        if (at[2] != '/' || at[6] != '/' || century > 99 || year > 99) return std::nullopt;
        const auto midnight = midnight_of(century * 100 + year, month, day);
        const auto offset = zone_offset(text.substr(21));
        if (!midnight || !offset) return std::nullopt;
        midnight_ = *midnight - *offset;
        std::memcpy(date_text_.data(), at, 11);
        std::memcpy(zone_text_.data(), at + 21, 5);
    }
    const auto second = second_of_day(at + 12);
    return second ? in_range(midnight_ + *second) : std::nullopt;
}

std::optional<EventTime> IsoClock::read(std::string_view text) {
    if (text.size() < 20 || text.size() > 40) return std::nullopt;
    const char* at = text.data();
    if (at[10] != 'T' && at[10] != ' ') return std::nullopt;
    if (date_text_[0] == '\0' || std::memcmp(at, date_text_.data(), 10) != 0) {
        const unsigned century = two_digits(at);
        const unsigned year = two_digits(at + 2);
        if (at[4] != '-' || at[7] != '-' || century > 99 || year > 99) return std::nullopt;
        const auto midnight = midnight_of(century * 100 + year, two_digits(at + 5), two_digits(at + 8));
        if (!midnight) return std::nullopt;
        midnight_ = *midnight;
        std::memcpy(date_text_.data(), at, 10);
    }
    const auto second = second_of_day(at + 11);
    if (!second) return std::nullopt;
    auto zone = text.substr(19);
    if (zone.front() == '.' || zone.front() == ',') {
        std::size_t digits = 1;
        while (digits < zone.size() && is_digit(zone[digits]))
            ++digits;
        if (digits == 1) return std::nullopt;
        zone.remove_prefix(digits);
    }
    if (zone == "Z") return in_range(midnight_ + *second);
    const auto offset = zone_offset(zone);
    return offset ? in_range(midnight_ + *second - *offset) : std::nullopt;
}

std::optional<EventTime> read_epoch(std::string_view text) {
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    if (whole.empty() || whole.size() > 10) return std::nullopt;
    if (point != std::string_view::npos)
        for (const char c : text.substr(point + 1))
            if (!is_digit(c)) return std::nullopt;
    std::int64_t second = 0;
    for (const char c : whole) {
        if (!is_digit(c)) return std::nullopt;
        second = second * 10 + (c - '0');
    }
    return in_range(second);
}

LocalZone utc_zone() {
    return [](std::chrono::sys_seconds wall_clock) { return LocalInstants{wall_clock, wall_clock}; };
}

LocalZone system_zone() {
    return [](std::chrono::sys_seconds wall_clock) {
        const std::time_t reading = wall_clock.time_since_epoch().count();
        const auto instant = [reading](int daylight_saving) -> std::optional<EventTime> {
            std::tm parts{};
            gmtime_r(&reading, &parts);
            parts.tm_isdst = daylight_saving;
            const std::time_t found = std::mktime(&parts);
            std::tm back{};
            localtime_r(&found, &back);
            if (timegm(&back) != reading) return std::nullopt;  // not what the clock on the wall showed
            return EventTime{seconds{found}};
        };
        const auto standard = instant(0);
        const auto summer = instant(1);
        if (standard && summer)
            return LocalInstants{std::min(*standard, *summer), std::max(*standard, *summer)};
        if (standard || summer)
            return LocalInstants{standard ? *standard : *summer, standard ? *standard : *summer};
        std::tm parts{};  // an hour that spring skipped: as near as mktime gets
        gmtime_r(&reading, &parts);
        parts.tm_isdst = -1;
        const EventTime nearest{seconds{std::mktime(&parts)}};
        return LocalInstants{nearest, nearest};
    };
}

void SyslogClock::set_reference(EventTime reference) {
    reference_ = reference;
    known_ = false;
    last_ = {};
}

// Finds what "Nov 22 06" means and remembers it: the zone is asked once an hour of log, not once a line.
bool SyslogClock::turn_to(std::string_view date_and_hour) {
    const unsigned month = month_number(date_and_hour.data());
    const char tens = date_and_hour[4] == ' ' ? '0' : date_and_hour[4];
    const std::array<char, 2> day_text{tens, date_and_hour[5]};
    const unsigned day = two_digits(day_text.data());
    const unsigned hour = two_digits(date_and_hour.data() + 7);
    if (month == 0 || day > 31 || hour > 23) return false;
    const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(reference_)};
    const int this_year = static_cast<int>(today.year());
    for (int year = this_year + 1; year > this_year - 9 && year >= 1970; --year) {
        const auto midnight = midnight_of(static_cast<unsigned>(year), month, day);
        if (!midnight) continue;  // the 29th of February, or no day at all
        hour_ = zone_(EventTime{seconds{*midnight + static_cast<std::int64_t>(hour) * 3600}});
        if (hour_.earlier > reference_ + std::chrono::days{1}) continue;
        std::memcpy(hour_text_.data(), date_and_hour.data(), hour_text_.size());
        second_round_ = false;
        return known_ = true;
    }
    return false;
}

std::optional<EventTime> SyslogClock::read(std::string_view text) {
    if (text.size() != length || text[3] != ' ' || text[6] != ' ') return std::nullopt;
    const auto second = second_of_day(text.data() + 7);
    if (!second) return std::nullopt;
    if (!known_ || std::memcmp(text.data(), hour_text_.data(), hour_text_.size()) != 0)
        if (!turn_to(text.substr(0, hour_text_.size()))) return std::nullopt;
    const auto in_hour = seconds{*second % 3600};
    // Small steps back are ordinary disorder; a big one inside a repeated hour is its second round.
    constexpr std::chrono::minutes disorder{10};
    if (hour_.earlier + in_hour + disorder < last_) second_round_ = true;
    const auto when = (second_round_ ? hour_.later : hour_.earlier) + in_hour;
    last_ = when;
    return in_range(when.time_since_epoch().count());
}

}  // namespace garita::detect
