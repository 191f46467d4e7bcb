#include "model/time.hpp"

#include <array>
#include <cstdio>

namespace garita {

std::string to_iso8601(Time t) {
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(t - day);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return text.data();
}

std::optional<Time> parse_utc(std::string_view text) {
    constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd";
    if (text.size() <= form.size() || text.back() != 'Z') return std::nullopt;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == 'd' ? !is_digit(text[i]) : text[i] != form[i]) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = 0;
        for (std::size_t i = at; i < at + digits; ++i)
            value = value * 10 + (text[i] - '0');
        return value;
    };
    auto decimals = text.substr(form.size(), text.size() - form.size() - 1);
    std::int64_t us = 0;
    if (!decimals.empty()) {
        if (decimals.size() < 2 || decimals.size() > 7 || decimals.front() != '.') return std::nullopt;
        decimals.remove_prefix(1);
        for (std::size_t i = 0; i < 6; ++i) {
            if (i < decimals.size() && !is_digit(decimals[i])) return std::nullopt;
            us = us * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
        }
    }
    const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                           std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                           std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    const int hours = number(11, 2);
    const int minutes = number(14, 2);
    const int seconds = number(17, 2);
    if (!date.ok() || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
    return Time{std::chrono::sys_days{date}} + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
           std::chrono::seconds{seconds} + Duration{us};
}

std::string format_span(std::chrono::seconds span) {
    auto rest = span.count();
    std::string text;
    const auto unit = [&](std::int64_t size, char letter) {
        if (rest >= size) {
            text += std::to_string(rest / size) + letter;
            rest %= size;
        }
    };
    unit(86400, 'd');
    unit(3600, 'h');
    unit(60, 'm');
    unit(1, 's');
    return text.empty() ? "0s" : text;
}

}  // namespace garita
