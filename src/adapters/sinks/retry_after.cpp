#include "adapters/sinks/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace garita::sinks {

namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t date_length = 29;  ///< "Wed, 21 Oct 2026 07:28:00 GMT"

std::optional<int> number(std::string_view digits) {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || digits.front() < '0' || digits.front() > '9' || error != std::errc{} ||
        end != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

std::optional<Time> parse_date(std::string_view text) {
    if (text.size() != date_length || text.substr(3, 2) != ", " || !text.ends_with(" GMT") ||
        text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':')
        return std::nullopt;
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    const auto day = number(text.substr(5, 2));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view text, Time now) {
    if (const auto seconds = number(text)) return std::chrono::seconds(*seconds);
    const auto date = parse_date(text);
    if (!date) return std::nullopt;
    return std::max<Duration>(*date - now, Duration{0});
}

}  // namespace garita::sinks
