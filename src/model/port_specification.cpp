#include "model/port_specification.hpp"

#include <algorithm>
#include <charconv>

namespace garita {
namespace {

constexpr std::array<std::string_view, 7> days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr unsigned minutes_of_day = 24 * 60;

std::optional<unsigned> number(std::string_view text, unsigned greatest) {
    unsigned value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || stop != end || value > greatest) return std::nullopt;
    return value;
}

/// "02:00"; 24:00 is the end of a day.
std::optional<unsigned> minute_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = number(text.substr(0, 2), 24);
    const auto minute = number(text.substr(3), 59);
    if (!hour || !minute || *hour * 60 + *minute > minutes_of_day) return std::nullopt;
    return *hour * 60 + *minute;
}

std::optional<unsigned> day_of(std::string_view text) {
    const auto* const found = std::find(days.begin(), days.end(), text);
    if (found == days.end()) return std::nullopt;
    return static_cast<unsigned>(found - days.begin());
}

/// First and last day, both meant.
std::optional<std::pair<unsigned, unsigned>> days_of(std::string_view text) {
    if (text == "daily") return std::pair{0U, 6U};
    const auto dash = text.find('-');
    const auto first = day_of(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_of(text.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    return std::pair{*first, *last};
}

bool is_label(std::string_view label) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), plain);
}

/// A last label of digits alone is a mistyped address.
bool is_host_name(std::string_view name) {
    if (name.empty() || name.size() > 253) return false;
    std::string_view last;
    while (true) {
        const auto dot = name.find('.');
        last = name.substr(0, dot);
        if (!is_label(last)) return false;
        if (dot == std::string_view::npos) break;
        name.remove_prefix(dot + 1);
    }
    return last.find_first_not_of("0123456789") != std::string_view::npos;
}

}  // namespace

std::optional<std::vector<WeeklyWindow>> parse_weekly_windows(std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto meant = days_of(text.substr(0, space));
    const auto hours = text.substr(space + 1);
    const auto dash = hours.find('-');
    if (!meant || dash == std::string_view::npos) return std::nullopt;
    const auto from = minute_of_day(hours.substr(0, dash));
    const auto until = minute_of_day(hours.substr(dash + 1));
    if (!from || !until || *from == *until || *from == minutes_of_day) return std::nullopt;
    std::vector<WeeklyWindow> windows;
    for (unsigned day = meant->first;; day = (day + 1) % 7) {
        const unsigned begins = day * minutes_of_day + *from;
        const unsigned length = *until > *from ? *until - *from : *until + minutes_of_day - *from;
        windows.push_back({begins, (begins + length) % minutes_of_week});
        if (day == meant->second) return windows;
    }
}

std::optional<std::string> host_spelling(std::string_view text) {
    if (const auto address = IpAddress::parse(text)) return address->text();
    if (const auto slash = text.find('/'); slash != std::string_view::npos) {
        const auto address = IpAddress::parse(text.substr(0, slash));
        const auto prefix = address ? number(text.substr(slash + 1), address->bits()) : std::nullopt;
        if (!prefix) return std::nullopt;
        return IpNetwork(*address, *prefix).text();
    }
    std::string name(text);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (name.ends_with('.')) name.pop_back();
    if (!is_host_name(name)) return std::nullopt;
    return name;
}

}  // namespace garita
