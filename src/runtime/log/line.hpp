#pragma once
// How a message becomes a line. Pure: the time is given, nothing is written.

#include <span>
#include <string>
#include <string_view>

#include "model/time.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {

struct LogLine {
    Time at;
    LogLevel level;
    std::string_view component;
    std::string_view message;
    std::span<const LogField> fields;
};

enum class Paint { plain, coloured };

/// "2026-11-22T06:08:25.123456Z WARNING telegram: the chat refused the message chat=-100 answer=\"no
/// rights\""
[[nodiscard]] std::string render_text(const LogLine& line, Paint paint);

/// {"time":…,"level":…,"component":…,"message":…,"fields":{…}}; always valid JSON in UTF-8.
[[nodiscard]] std::string render_json(const LogLine& line);

}  // namespace garita::runtime
