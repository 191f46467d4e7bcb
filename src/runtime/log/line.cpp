#include "runtime/log/line.hpp"

#include <cmath>

#include <fmt/format.h>

namespace garita::runtime {

namespace {

std::string_view colour_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return "\x1b[2m";
        case LogLevel::info:
            return "\x1b[32m";
        case LogLevel::warning:
            return "\x1b[33m";
        case LogLevel::error:
            return "\x1b[1;31m";
    }
    return "";
}

constexpr std::string_view plain_again = "\x1b[0m";

std::string number_text(const LogField::Value& value) {
    return std::visit(
        [](const auto& v) -> std::string {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, bool>)
                return v ? "true" : "false";
            else
                return fmt::format("{}", v);
        },
        value);
}

bool needs_quotes(std::string_view text) {
    return text.empty() || text.find_first_of(" \"=\\") != std::string_view::npos;
}

std::string with_backslashes(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

/// What escape_foreign leaves to be escaped in JSON are these two characters only.
std::string quote(std::string_view text) {
    return '"' + with_backslashes(text) + '"';
}

/// Its own quotes and backslashes are marked before the escapes come in, so that neither a quote ends the
/// value early nor an escape is taken for the text's own backslash.
std::string text_value(const LogField::Value& value) {
    const auto* text = std::get_if<std::string_view>(&value);
    if (text == nullptr) return number_text(value);
    if (!needs_quotes(*text) && escape_foreign(*text) == *text) return std::string(*text);
    return '"' + escape_foreign(with_backslashes(*text)) + '"';
}

std::string json_value(const LogField::Value& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return quote(escape_foreign(*text));
    if (const auto* real = std::get_if<double>(&value); real != nullptr && !std::isfinite(*real))
        return "null";
    return number_text(value);
}

}  // namespace

std::string_view to_string(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warning:
            return "warning";
        case LogLevel::error:
            return "error";
    }
    return "error";
}

std::string render_text(const LogLine& line, Paint paint) {
    const bool coloured = paint == Paint::coloured;
    std::string out = to_iso8601(line.at);
    out += fmt::format(" {}{:<7}{} ", coloured ? colour_of(line.level) : "", to_string(line.level),
                       coloured ? plain_again : "");
    if (!line.component.empty()) out += escape_foreign(line.component) + ": ";
    out += escape_foreign(line.message);
    for (const LogField& field : line.fields)
        out += fmt::format(" {}{}={}{}", coloured ? "\x1b[2m" : "", escape_foreign(field.key),
                           coloured ? plain_again : "", text_value(field.value));
    return out;
}

std::string render_json(const LogLine& line) {
    std::string out = fmt::format(R"({{"time":"{}","level":"{}","component":{},"message":{})",
                                  to_iso8601(line.at), to_string(line.level),
                                  quote(escape_foreign(line.component)), quote(escape_foreign(line.message)));
    if (!line.fields.empty()) {
        out += ",\"fields\":{";
        bool first = true;
        for (const LogField& field : line.fields) {
            if (!first) out += ',';
            first = false;
            out += quote(escape_foreign(field.key)) + ':' + json_value(field.value);
        }
        out += '}';
    }
    return out + '}';
}

}  // namespace garita::runtime
