#include "runtime/json/text.hpp"

#include <algorithm>
#include <optional>

#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

namespace garita::runtime::json {

namespace {

/// Length of the well-formed character at the start, 0 if there is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (first == 0xE0 && byte(1) < 0xA0) return 0;
        if (first == 0xED && byte(1) > 0x9F) return 0;
        return follows(1) && follows(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (first == 0xF0 && byte(1) < 0x90) return 0;
        if (first == 0xF4 && byte(1) > 0x8F) return 0;
        return follows(1) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

/// Reads exactly `digits` digits and moves on.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int number = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        number = number * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

/// "Z" or "+hh:mm".
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
    if (take(text, 'Z')) return std::chrono::minutes{0};
    const int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
    if (sign == 0) return std::nullopt;
    const auto hours = take_number(text, 2);
    if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || *minutes > 59) return std::nullopt;
    return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
}

/// ".123", up to six digits; none without a point.
std::optional<Duration> take_fraction(std::string_view& text) {
    if (!take(text, '.')) return Duration{0};
    std::int64_t micros = 0;
    std::size_t digits = 0;
    while (digits < 6) {
        const auto digit = take_number(text, 1);
        if (!digit) break;
        micros = micros * 10 + *digit;
        ++digits;
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 6; ++digits)
        micros *= 10;
    return Duration{micros};
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

}  // namespace

Result<boost::json::value> parse(std::string_view text, std::string_view where, std::size_t max_bytes) {
    if (text.size() > max_bytes)
        return fail(ErrorCode::full, std::string(where) + ": " + std::to_string(text.size()) +
                                         " bytes, more than the " + std::to_string(max_bytes) + " allowed");
    boost::json::parser parser;
    boost::system::error_code error;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error && read < text.size()) error = boost::json::error::extra_data;
    if (error)
        return fail(ErrorCode::invalid, std::string(where) + ": not valid JSON at byte " +
                                            std::to_string(read) + ": " + error.message());
    return parser.release();
}

std::string serialize(const boost::json::value& value) {
    return boost::json::serialize(value);
}

boost::json::string to_json_text(std::string_view bytes, std::size_t max_bytes) {
    constexpr std::string_view replacement = "\xEF\xBF\xBD";
    constexpr std::string_view ellipsis = "\xE2\x80\xA6";
    boost::json::string text;
    text.reserve(std::min(bytes.size(), max_bytes));
    std::size_t cut_at = 0;  // the last edge after which the ellipsis still fits
    while (!bytes.empty()) {
        const std::size_t length = utf8_length(bytes);
        const std::string_view piece = length > 0 ? bytes.substr(0, length) : replacement;
        if (text.size() + ellipsis.size() <= max_bytes) cut_at = text.size();
        if (text.size() + piece.size() > max_bytes) {
            text.resize(cut_at);
            text.append(ellipsis);
            return text;
        }
        text.append(piece);
        bytes.remove_prefix(length > 0 ? length : 1);
    }
    return text;
}

std::optional<Time> parse_iso8601(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !take(text, 'T')) return std::nullopt;
    const auto hour = take_number(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
    const auto second = take_number(text, 2);
    if (!second || *second > 59) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    const auto zone = take_zone(text);
    if (!zone || !text.empty()) return std::nullopt;
    return Time{*date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second} + *fraction - *zone;
}

}  // namespace garita::runtime::json
