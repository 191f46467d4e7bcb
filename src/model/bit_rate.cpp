#include <algorithm>
#include <array>
#include <limits>

#include "model/rule_class.hpp"

namespace garita {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t bits;
    std::size_t decimals;  ///< so many places behind the point still are whole bits
};
constexpr std::array<Unit, 5> units{{{"Tbit", 1'000'000'000'000, 12},
                                     {"Gbit", 1'000'000'000, 9},
                                     {"Mbit", 1'000'000, 6},
                                     {"kbit", 1'000, 3},
                                     {"bit", 1, 0}}};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

const Unit* unit_of(std::string_view name) {
    for (const Unit& unit : units)
        if (std::equal(name.begin(), name.end(), unit.name.begin(), unit.name.end(),
                       [](char a, char b) { return lower(a) == lower(b); }))
            return &unit;
    return nullptr;
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Nothing where it does not fit.
std::optional<std::uint64_t> times_ten_plus(std::uint64_t number, unsigned digit) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    if (number > (most - digit) / 10) return std::nullopt;
    return number * 10 + digit;
}

}  // namespace

std::optional<BitRate> BitRate::parse(std::string_view text) {
    constexpr std::size_t longest = 40;
    const std::size_t end = text.find_first_not_of("0123456789.");
    if (end == std::string_view::npos || text.size() > longest) return std::nullopt;
    const Unit* const unit = unit_of(text.substr(end));
    const auto number = text.substr(0, end);
    const auto point = number.find('.');
    const auto whole = number.substr(0, point);
    const auto part = point == std::string_view::npos ? std::string_view() : number.substr(point + 1);
    if (unit == nullptr || !all_digits(whole) || (whole.size() > 1 && whole[0] == '0')) return std::nullopt;
    if (point != std::string_view::npos && (!all_digits(part) || part.size() > unit->decimals))
        return std::nullopt;
    std::string scaled(whole);
    scaled.append(part).append(unit->decimals - part.size(), '0');
    std::optional<std::uint64_t> bits = 0;
    for (std::size_t i = 0; i < scaled.size() && bits; ++i)
        bits = times_ten_plus(*bits, static_cast<unsigned>(scaled[i] - '0'));
    if (!bits || *bits == 0) return std::nullopt;
    return BitRate{*bits};
}

std::string BitRate::text() const {
    for (const Unit& unit : units)
        if (bits_per_second >= unit.bits && bits_per_second % unit.bits == 0)
            return std::to_string(bits_per_second / unit.bits).append(unit.name);
    return "0bit";
}

}  // namespace garita
