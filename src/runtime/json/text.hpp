#pragma once
// Text to JSON values and back, with limits against hostile input.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::runtime::json {

/// Strict RFC 8259 with valid UTF-8, nested at most 32 deep. `where` names the document in the error, which
/// says the byte at which it stopped. ErrorCode::invalid; ErrorCode::full when longer than `max_bytes`.
[[nodiscard]] Result<boost::json::value> parse(std::string_view text, std::string_view where,
                                               std::size_t max_bytes = std::size_t{64} << 20);
/// One line, without spaces.
[[nodiscard]] std::string serialize(const boost::json::value& value);

/// A JSON string that is valid UTF-8 whatever the bytes were: each invalid byte becomes U+FFFD. At most
/// `max_bytes` long: cut at a character's edge and ended by "…".
[[nodiscard]] boost::json::string to_json_text(std::string_view bytes, std::size_t max_bytes);

/// "2026-11-22T06:08:25Z", with up to six decimals of the second, "Z" or an offset as "+03:00".
[[nodiscard]] std::optional<Time> parse_iso8601(std::string_view text);

}  // namespace garita::runtime::json
