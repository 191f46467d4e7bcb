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
