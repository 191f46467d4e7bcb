#include "model/expected_service.hpp"

#include <algorithm>
#include <charconv>

namespace garita {
namespace {

constexpr std::string_view hexadecimal = "0123456789ABCDEF";

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" .:-_*?").find(c) != std::string_view::npos;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_plain(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', hexadecimal[byte >> 4U], hexadecimal[byte & 15U]};
    }
    return out;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            if (!is_plain(text[i])) return std::nullopt;
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const auto high = hexadecimal.find(text[i + 1]);
        const auto low = hexadecimal.find(text[i + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        out += static_cast<char>((high << 4U) | low);
        i += 2;
    }
    return out;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::optional<std::size_t> star;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star) {
            p = *star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

std::string ExpectedService::words() const {
    if (!certificate) return "banner " + banner;
    std::string text = "certificate";
    if (!certificate->sha256.empty()) {
        text += " sha256 " + certificate->sha256;
    } else {
        if (!certificate->names.empty()) text += " for " + joined(certificate->names);
        if (!certificate->issuer.empty()) text += ", issuer " + certificate->issuer;
    }
    return text + ", valid " + std::to_string(certificate->valid_days) + " days";
}

std::string to_text(const ServiceTexts& texts) {
    std::string text;
    for (const auto& [port, found] : texts)
        text += (text.empty() ? "" : ",") + std::to_string(port) + '=' + escaped(found);
    return text;
}

std::optional<ServiceTexts> parse_service_texts(std::string_view text) {
    ServiceTexts read;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(','));
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        Port port = 0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + equals, port);
        auto found = unescaped(part.substr(equals + 1));
        if (error != std::errc{} || stop != part.data() + equals || !found) return std::nullopt;
        if (!read.emplace(port, std::move(*found)).second) return std::nullopt;
        if (part.size() + 1 == text.size()) return std::nullopt;  // a comma, and nothing behind it
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return read;
}

PortSet ports_of(const ServiceTexts& texts) {
    PortSet ports;
    for (const auto& [port, unused] : texts)
        ports.insert(port);
    return ports;
}

namespace {

/// What a service said: a glob, once it has changed.
bool is_line(std::string_view found) {
    return found.starts_with(found_banner) || found.starts_with(found_plain);
}

}  // namespace

bool is_same_service(const std::string& kept, const std::string& found) {
    return kept == found || (is_line(kept) && matches_glob(kept, found));
}

std::string common_finding(const std::string& one, const std::string& other) {
    if (is_same_service(one, other)) return one;
    if (!is_line(one) || one.substr(0, one.find(' ')) != other.substr(0, other.find(' '))) return other;
    const auto length = std::min(one.size(), other.size());
    std::size_t same = 0;
    while (same < length && one[same] == other[same] && one[same] != '*')
        ++same;
    while (same > 0 && (static_cast<unsigned char>(one[same - 1]) & 0x80U) != 0)
        --same;  // no half characters
    return one.substr(0, same) + '*';
}

ExpectedService accepted_service(ExpectedService expected, std::string_view found) {
    const auto rest = [&](std::string_view prefix) { return std::string(found.substr(prefix.size())); };
    if (found.starts_with(found_banner)) {
        expected.banner = rest(found_banner);
    } else if (found.starts_with(found_plain)) {
        expected.certificate.reset();
        expected.banner = "*";
    } else if (expected.certificate) {
        auto& certificate = *expected.certificate;
        if (found.starts_with(found_certificate)) certificate.sha256 = rest(found_certificate);
        if (found.starts_with(found_ending)) certificate.may_end = rest(found_ending);
        if (found.starts_with(found_ended)) certificate.may_end = rest(found_ended);
    }
    return expected;
}

}  // namespace garita
