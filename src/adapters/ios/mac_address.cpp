#include "adapters/ios/mac_address.hpp"

#include <string_view>

namespace garita::ios {

std::string dotted(const MacAddress& mac) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
        if (i == 2 || i == 4) out += '.';
        out += digits[mac.bytes[i] >> 4U];
        out += digits[mac.bytes[i] & 15U];
    }
    return out;
}

}  // namespace garita::ios
