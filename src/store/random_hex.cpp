#include "store/random_hex.hpp"

#include <cerrno>
#include <string_view>
#include <vector>

#include <sys/random.h>
#include <system_error>

namespace garita::store {

std::string random_hex(std::size_t bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::vector<unsigned char> random(bytes);
    if (::getentropy(random.data(), random.size()) != 0)
        throw std::system_error(errno, std::generic_category(), "getentropy");
    std::string text;
    for (const unsigned byte : random) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

}  // namespace garita::store
