#include "runtime/http/target.hpp"

#include <cstddef>

namespace garita::runtime::http {
namespace {

constexpr std::size_t most_pairs = 256;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The part of an absolute form ("https://host/path") from the path on.
std::string_view without_authority(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!text.starts_with(scheme)) continue;
        const auto path = text.find('/', scheme.size());
        return path == std::string_view::npos ? std::string_view("/") : text.substr(path);
    }
    return text;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return decoded;
}

std::optional<Query> parse_query(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), Plus::space);
        auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                      : percent_decode(pair.substr(equals + 1), Plus::space);
        if (!name || !value || query.size() == most_pairs) return std::nullopt;
        query.add(std::move(*name), std::move(*value));
    }
    return query;
}

std::optional<Target> parse_target(std::string_view text) {
    text = text.substr(0, text.find('#'));
    if (text == "*") return Target{"*", {}};
    text = without_authority(text);
    if (text.empty() || text.front() != '/') return std::nullopt;
    const auto question = text.find('?');
    if (question == std::string_view::npos) return Target{std::string(text), {}};
    auto query = parse_query(text.substr(question + 1));
    if (!query) return std::nullopt;
    return Target{std::string(text.substr(0, question)), std::move(*query)};
}

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> parts;
    if (path.empty() || path.front() != '/') return parts;
    path.remove_prefix(1);
    for (;;) {
        const auto slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return parts;
        path.remove_prefix(slash + 1);
    }
}

}  // namespace garita::runtime::http
