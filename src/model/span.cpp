#include "model/span.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace garita {
namespace {

constexpr std::string_view units = "dhms";
constexpr std::array<std::int64_t, 4> sizes = {86400, 3600, 60, 1};
constexpr std::int64_t longest = std::int64_t{86400} * 1'000'000;

}  // namespace

std::optional<std::chrono::seconds> parse_span(std::string_view text) {
    std::int64_t total = 0;
    std::size_t smaller_than = 0;  // index of the first unit that may still come
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
        if (length == 0 || length == text.size() || (length > 1 && text[0] == '0')) return std::nullopt;
        std::int64_t number = 0;
        if (std::from_chars(text.data(), text.data() + length, number).ec != std::errc{}) return std::nullopt;
        const std::size_t unit = units.find(text[length]);
        if (unit == std::string_view::npos || unit < smaller_than) return std::nullopt;
        if (number > longest / sizes[unit]) return std::nullopt;
        total += number * sizes[unit];
        smaller_than = unit + 1;
        text.remove_prefix(length + 1);
    }
    if (total > longest) return std::nullopt;
    return std::chrono::seconds(total);
}

}  // namespace garita
