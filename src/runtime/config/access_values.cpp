// How single values of the access settings are written.

#include <algorithm>
#include <charconv>

#include "runtime/config/access_config.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Exactly so many digits.
std::optional<unsigned> digits(std::string_view text, std::size_t count) {
    unsigned number = 0;
    if (text.size() != count || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::optional<std::chrono::month_day> parse_month_day(std::string_view text) {
    if (text.size() != 5 || text[2] != '-') return std::nullopt;
    const auto month = digits(text.substr(0, 2), 2);
    const auto day = digits(text.substr(3), 2);
    if (!month || !day) return std::nullopt;
    const std::chrono::month_day date{std::chrono::month{*month}, std::chrono::day{*day}};
    return date.ok() ? std::optional(date) : std::nullopt;
}

std::optional<year_month_day> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-') return std::nullopt;
    const auto year = digits(text.substr(0, 4), 4);
    const auto date = parse_month_day(text.substr(5));
    if (!year || !date) return std::nullopt;
    const year_month_day day{std::chrono::year{static_cast<int>(*year)}, date->month(), date->day()};
    return day.ok() ? std::optional(day) : std::nullopt;
}

std::vector<year_month_day> of_every_year(std::chrono::month_day date) {
    std::vector<year_month_day> days;
    for (int year = 2020; year < 2100; ++year) {
        const year_month_day day{std::chrono::year{year}, date.month(), date.day()};
        if (day.ok()) days.push_back(day);  // 29 February is not there each year
    }
    return days;
}

/// Cuts a number off the front.
bool take_number(std::string_view& text) {
    std::size_t length = 0;
    while (length < text.size() && is_digit(text[length]))
        ++length;
    text.remove_prefix(length);
    return length >= 1 && length <= 5;
}

void take_blanks(std::string_view& text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
}

}  // namespace

std::optional<AccessListenConfig> parse_listen(std::string_view text) {
    using Transport = AccessListenConfig::Transport;
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto word = text.substr(0, space);
    const auto place = parse_endpoint(text.substr(space + 1));
    const auto address = place ? IpAddress::parse(place->host) : std::nullopt;
    if (!address) return std::nullopt;
    if (word == "udp") return AccessListenConfig{Transport::udp, *address, place->port};
    if (word == "tcp") return AccessListenConfig{Transport::tcp, *address, place->port};
    if (word == "tls") return AccessListenConfig{Transport::tls, *address, place->port};
    return std::nullopt;
}

std::optional<std::vector<year_month_day>> parse_holidays(std::string_view text) {
    if (const auto every_year = parse_month_day(text)) return of_every_year(*every_year);
    const auto dots = text.find("..");
    if (dots == std::string_view::npos) {
        const auto day = parse_date(text);
        return day ? std::optional(std::vector{*day}) : std::nullopt;
    }
    const auto first = parse_date(text.substr(0, dots));
    const auto last = parse_date(text.substr(dots + 2));
    if (!first || !last || *last < *first || sys_days(*last) - sys_days(*first) > std::chrono::days{366})
        return std::nullopt;
    std::vector<year_month_day> days;
    for (sys_days day = *first; day <= sys_days(*last); day += std::chrono::days{1})
        days.emplace_back(day);
    return days;
}

std::optional<std::string> parse_host_key(std::string_view text) {
    constexpr std::string_view prefix = "SHA256:";
    if (!text.starts_with(prefix)) return std::nullopt;
    if (text.ends_with('=')) text.remove_suffix(1);
    const auto digest = text.substr(prefix.size());
    const bool base64 = std::all_of(digest.begin(), digest.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '/';
    });
    return digest.size() == 43 && base64 ? std::optional(std::string(text)) : std::nullopt;
}

bool is_port_range(std::string_view text) {
    if (text.size() > 64) return false;
    std::size_t letters = 0;
    while (letters < text.size() && (is_letter(text[letters]) || (letters > 0 && text[letters] == '-')))
        ++letters;
    if (letters < 2) return false;
    text.remove_prefix(letters);
    take_blanks(text);
    if (!take_number(text)) return false;
    while (text.starts_with('/')) {
        text.remove_prefix(1);
        if (!take_number(text)) return false;
    }
    take_blanks(text);
    if (text.empty()) return true;
    if (!text.starts_with('-')) return false;
    text.remove_prefix(1);
    take_blanks(text);
    return take_number(text) && text.empty();
}

}  // namespace garita::runtime
