#include "runtime/http/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "model/foreign_text.hpp"

namespace garita::runtime::http {
namespace {

struct MethodName {
    Method method;
    std::string_view text;
};
constexpr std::array<MethodName, 7> method_names{{{Method::get, "GET"},
                                                  {Method::head, "HEAD"},
                                                  {Method::post, "POST"},
                                                  {Method::put, "PUT"},
                                                  {Method::patch, "PATCH"},
                                                  {Method::del, "DELETE"},
                                                  {Method::options, "OPTIONS"}}};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

/// For the texts in problem details, which may repeat what a request said: a byte that is not UTF-8 becomes
/// U+FFFD.
std::string json_quoted(std::string_view text) {
    std::string quoted = "\"";
    while (!text.empty()) {
        const auto next = first_character(text);
        const auto part = text.substr(0, next.bytes);
        text.remove_prefix(part.size());
        if (!next.valid)
            quoted += "\\ufffd";
        else if (next.code == '"' || next.code == '\\')
            (quoted += '\\') += part;
        else if (next.code < 0x20)
            quoted += fmt::format("\\u{:04x}", next.code);
        else
            quoted += part;
    }
    return quoted + "\"";
}

}  // namespace

std::string_view to_text(Method method) {
    for (const auto& entry : method_names) {
        if (entry.method == method) return entry.text;
    }
    return "?";
}

std::optional<Method> parse_method(std::string_view text) {
    for (const auto& entry : method_names) {
        if (entry.text == text) return entry.method;
    }
    return std::nullopt;
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const auto& [key, value] : fields_) {
        if (same_name(key, name)) return value;
    }
    return std::nullopt;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
    for (const auto& [key, value] : pairs_) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::vector<std::string_view> Query::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : pairs_) {
        if (key == name) values.emplace_back(value);
    }
    return values;
}

std::optional<std::string_view> PathParameters::find(std::string_view name) const {
    for (const auto& [key, value] : values_) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::optional<std::int64_t> PathParameters::number(std::string_view name) const {
    const auto text = find(name);
    if (!text || text->empty() || text->front() < '0' || text->front() > '9') return std::nullopt;
    std::int64_t value = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc() || stop != end) return std::nullopt;
    return value;
}

Response json_response(int status, std::string json) {
    return Response{status, "application/json", std::move(json), {}};
}

Response text_response(int status, std::string text) {
    return Response{status, "text/plain; charset=utf-8", std::move(text), {}};
}

Response problem(int status, std::string_view title, std::string_view detail) {
    std::string body =
        fmt::format(R"({{"type":"about:blank","title":{},"status":{})", json_quoted(title), status);
    if (!detail.empty()) body += fmt::format(R"(,"detail":{})", json_quoted(detail));
    return Response{status, "application/problem+json", body + "}", {}};
}

std::string_view reason_phrase(int status) {
    switch (status) {
        case 100:
            return "Continue";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 425:
            return "Too Early";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        case 507:
            return "Insufficient Storage";
        default:
            return "Unknown";
    }
}

}  // namespace garita::runtime::http
