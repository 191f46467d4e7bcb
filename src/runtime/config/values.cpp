#include "runtime/config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "model/ip.hpp"

namespace garita::runtime {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool only(std::string_view text, std::string_view allowed, std::string_view and_also = "") {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return allowed.find(c) != std::string_view::npos || and_also.find(c) != std::string_view::npos;
    });
}

bool is_letter_or_digit(char c) {
    return letters.find(c) != std::string_view::npos || digits.find(c) != std::string_view::npos;
}

bool is_host_name(std::string_view host) {
    return !host.empty() && host.size() <= 253 && is_letter_or_digit(host.front()) &&
           only(host, letters, "0123456789.-_");
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
    const std::string_view number = text.starts_with('-') ? text.substr(1) : text;
    if (number.empty() || !only(number, digits)) return std::nullopt;
    if (number.size() > 1 && number.front() == '0') return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_percent(std::string_view text) {
    if (text.ends_with('%')) text.remove_suffix(1);
    return parse_integer(text);
}

std::optional<bool> parse_yes_no(std::string_view text) {
    if (text == "yes" || text == "true" || text == "on") return true;
    if (text == "no" || text == "false" || text == "off") return false;
    return std::nullopt;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_integer(text.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        const auto address = IpAddress::parse(host);
        if (!address || host.find(':') == std::string_view::npos) return std::nullopt;
    } else if (!is_host_name(host)) {
        return std::nullopt;
    }
    return Endpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::string Endpoint::text() const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

std::optional<StatusRange> parse_status(std::string_view text) {
    const auto code = [](std::string_view part) -> std::optional<std::uint16_t> {
        const auto value = parse_integer(part);
        if (part.size() != 3 || !value || *value < 100 || *value > 599) return std::nullopt;
        return static_cast<std::uint16_t>(*value);
    };
    if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '5') {
        const auto hundred = static_cast<std::uint16_t>((text[0] - '0') * 100);
        return StatusRange{hundred, static_cast<std::uint16_t>(hundred + 99)};
    }
    const std::size_t dash = text.find('-');
    const auto first = code(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : code(text.substr(dash + 1));
    if (!first || !last || *first > *last) return std::nullopt;
    return StatusRange{*first, *last};
}

std::optional<std::string> parse_pin(std::string_view text) {
    constexpr std::string_view prefix = "sha256:";
    if (!text.starts_with(prefix)) return std::nullopt;
    std::string pin(prefix);
    for (const char c : text.substr(prefix.size())) {
        if (c == ':') continue;
        if (!only({&c, 1}, digits, "abcdefABCDEF")) return std::nullopt;
        pin += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (pin.size() != prefix.size() + 64) return std::nullopt;
    return pin;
}

std::optional<std::string> parse_digest(std::string_view text) {
    constexpr std::string_view prefix = "sha256:";
    auto pin = parse_pin(std::string(prefix).append(text));
    if (pin) pin->erase(0, prefix.size());
    return pin;
}

std::optional<std::uint16_t> parse_port_key(std::string_view text) {
    std::uint16_t port = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || port == 0 || std::to_string(port) != text) return std::nullopt;
    return port;
}

std::optional<Url> parse_url(std::string_view text) {
    const std::size_t mark = text.find("://");
    if (mark == std::string_view::npos || mark == 0 || text.size() > 1000) return std::nullopt;
    const std::string_view scheme = text.substr(0, mark);
    if (!only(scheme, letters, digits)) return std::nullopt;
    const std::string_view rest = text.substr(mark + 3);
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    if (!only(rest.substr(slash), letters, "0123456789/._~-%:")) return std::nullopt;
    const bool has_port = !authority.ends_with(']') && authority.rfind(':') != std::string_view::npos;
    const auto endpoint = parse_endpoint(has_port ? std::string(authority) : std::string(authority) + ":1");
    if (!endpoint) return std::nullopt;
    while (text.ends_with('/'))
        text.remove_suffix(1);
    return Url{std::string(scheme), endpoint->host, std::string(text)};
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && is_letter_or_digit(text.front()) &&
           only(text, letters, "0123456789._-");
}

bool is_language(std::string_view text) {
    const std::string_view language = text.substr(0, text.find('_'));
    if (language.size() < 2 || language.size() > 3 || !only(language, "abcdefghijklmnopqrstuvwxyz"))
        return false;
    if (language.size() == text.size()) return true;
    const std::string_view region = text.substr(language.size() + 1);
    return region.size() == 2 && only(region, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

bool is_zone_name(std::string_view text) {
    // no dots: the name becomes part of a path
    return !text.empty() && text.size() <= 64 && is_letter_or_digit(text.front()) &&
           only(text, letters, "0123456789/_+-") && text.find("//") == std::string_view::npos &&
           !text.ends_with('/');
}

bool is_absolute_path(std::string_view text) {
    return text.starts_with('/') && text.size() < 4096 && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

std::optional<IntegerRange> parse_integer_range(std::string_view range) {
    const std::size_t dots = range.find("..");
    if (dots == std::string_view::npos) return std::nullopt;
    const auto least = parse_integer(range.substr(0, dots));
    const auto greatest = parse_integer(range.substr(dots + 2));
    if (!least || !greatest || *least > *greatest) return std::nullopt;
    return IntegerRange{*least, *greatest};
}

std::optional<SpanRange> parse_span_range(std::string_view range) {
    constexpr std::string_view never = "|never";
    const bool or_never = range.ends_with(never);
    if (or_never) range.remove_suffix(never.size());
    const std::size_t dots = range.find("..");
    if (dots == std::string_view::npos) return std::nullopt;
    const auto least = parse_span(range.substr(0, dots));
    const auto greatest = parse_span(range.substr(dots + 2));
    if (!least || !greatest || *least > *greatest) return std::nullopt;
    return SpanRange{*least, *greatest, or_never};
}

std::vector<std::string> names_in(const std::string& text) {
    std::vector<std::string> names;
    std::string name;
    for (const char c : text + ',') {
        if (c != ',' && c != ' ') {
            name += c;
            continue;
        }
        if (!name.empty()) names.push_back(std::move(name));
        name.clear();
    }
    return names;
}

std::vector<std::string_view> split_names(std::string_view names, char separator) {
    std::vector<std::string_view> parts;
    while (!names.empty()) {
        const std::size_t length = std::min(names.find(separator), names.size());
        parts.push_back(names.substr(0, length));
        names.remove_prefix(std::min(length + 1, names.size()));
    }
    return parts;
}

}  // namespace garita::runtime
