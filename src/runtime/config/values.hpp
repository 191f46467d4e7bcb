#pragma once
// How single values are written. Pure parsers: none of them throws or looks at anything but the text.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/span.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/config/common_config.hpp"

namespace garita::runtime {

/// Decimal, no leading zeros or plus.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);
/// "50" or "50%".
[[nodiscard]] std::optional<std::int64_t> parse_percent(std::string_view text);
[[nodiscard]] std::optional<bool> parse_yes_no(std::string_view text);
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text);
/// "404", "4xx", "500-599".
[[nodiscard]] std::optional<StatusRange> parse_status(std::string_view text);
/// The canonical form: "sha256:" and 64 lower-case digits; colons between the digits are dropped.
[[nodiscard]] std::optional<std::string> parse_pin(std::string_view text);
/// The same without "sha256:", before and after.
[[nodiscard]] std::optional<std::string> parse_digest(std::string_view text);
/// A key that is a port: 1 to 65535, written as numbers are.
[[nodiscard]] std::optional<std::uint16_t> parse_port_key(std::string_view text);

struct Url {
    std::string scheme;
    std::string host;
    std::string text;  ///< without a slash at its end
};
/// scheme://host[:port][/path], without a user, password, query or fragment.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// Letters, digits, '.', '_' and '-'; starts with a letter or digit; at most 64.
[[nodiscard]] bool is_name(std::string_view text);
[[nodiscard]] bool is_language(std::string_view text);
/// "Europe/Madrid", "UTC": the form only.
[[nodiscard]] bool is_zone_name(std::string_view text);
/// Starts with a slash, no control characters, not too long.
[[nodiscard]] bool is_absolute_path(std::string_view text);

/// Least and greatest value of a range "1..100".
struct IntegerRange {
    std::int64_t least = 0;
    std::int64_t greatest = 0;
};
[[nodiscard]] std::optional<IntegerRange> parse_integer_range(std::string_view range);

struct SpanRange {
    std::chrono::seconds least{};
    std::chrono::seconds greatest{};
    bool or_never = false;
};
[[nodiscard]] std::optional<SpanRange> parse_span_range(std::string_view range);

/// "a|b|c" in parts.
[[nodiscard]] std::vector<std::string_view> split_names(std::string_view names, char separator = '|');

/// The one that was probably meant: the nearest, if it is near enough to the text to be a slip. Empty: none.
[[nodiscard]] std::string nearest_name(std::string_view text, const std::vector<std::string_view>& known);

/// "a, b" → a, b
[[nodiscard]] std::vector<std::string> names_in(const std::string& text);

}  // namespace garita::runtime
