#include "detect/text_scan.hpp"

namespace garita::detect {

std::optional<IpAddress> scan_address(std::string_view text) {
    std::array<std::uint8_t, 4> bytes{};
    std::size_t field = 0;
    unsigned value = 0;
    unsigned digits = 0;
    for (const char c : text) {
        if (is_digit(c)) {
            if (digits != 0 && value == 0) return IpAddress::parse(text);  // "00:…" may yet be IPv6
            value = value * 10 + static_cast<unsigned>(c - '0');
            if (++digits > 3 || value > 255) return IpAddress::parse(text);
        } else if (c == '.') {
            if (digits == 0 || field == 3) return IpAddress::parse(text);
            bytes[field++] = static_cast<std::uint8_t>(value);
            value = digits = 0;
        } else {
            return IpAddress::parse(text);
        }
    }
    if (field != 3 || digits == 0) return std::nullopt;
    bytes[3] = static_cast<std::uint8_t>(value);
    return IpAddress::from_v4(bytes);
}

}  // namespace garita::detect
