#include <algorithm>

#include "model/rule_class.hpp"

namespace garita {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The digits without their separator, which has to stand after each `group` of them and nowhere else.
std::optional<std::string> without_separators(std::string_view text, char separator, std::size_t group) {
    std::string bare;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool wanted = i % (group + 1) == group;
        if (wanted != (text[i] == separator)) return std::nullopt;
        if (!wanted) bare += text[i];
    }
    return bare;
}

std::optional<std::string> bare_digits(std::string_view text) {
    switch (text.size()) {
        case 12:
            return std::string(text);
        case 14:
            return without_separators(text, '.', 4);
        case 17:
            return without_separators(text, text[2] == '-' ? '-' : ':', 2);
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
    const auto bare = bare_digits(text);
    if (!bare || bare->size() != 12) return std::nullopt;
    MacAddress address;
    for (std::size_t i = 0; i < address.bytes.size(); ++i) {
        const int high = digit_of((*bare)[2 * i]);
        const int low = digit_of((*bare)[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        address.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return address;
}

std::string MacAddress::text() const {
    std::string out;
    for (const std::uint8_t byte : bytes) {
        if (!out.empty()) out += ':';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

}  // namespace garita
