#pragma once
// What stands between method and version on a request line. Every byte of it is a stranger's: pure, bounded
// parsing.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/http/message.hpp"

namespace garita::runtime::http {

enum class Plus {
    literal,  ///< in paths
    space,    ///< in queries, as forms send it
};

/// Undoes percent-encoding. Nothing for a '%' without two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, Plus plus);

/// "a=1&b=&c": at most 256 pairs, empty ones skipped. Nothing for a bad encoding or more pairs.
[[nodiscard]] std::optional<Query> parse_query(std::string_view text);

struct Target {
    std::string path;  ///< begins with '/', or is "*"
    Query query;
};

/// Takes "/path?query", "http://host/path?query" and "*"; drops a fragment. Nothing for anything else.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

/// "/a/b/" gives "a", "b", "". The views point into `path`.
[[nodiscard]] std::vector<std::string_view> split_path(std::string_view path);

}  // namespace garita::runtime::http
