#include "adapters/syn_scan/checksum.hpp"

namespace garita::syn_scan {

std::uint32_t sum_of(std::span<const std::uint8_t> bytes) {
    std::uint64_t sum = 0;
    std::size_t i = 0;
    for (; i + 1 < bytes.size(); i += 2)
        sum += static_cast<unsigned>(bytes[i] << 8 | bytes[i + 1]);
    if (i < bytes.size()) sum += static_cast<unsigned>(bytes[i] << 8);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint32_t>(sum);
}

std::uint32_t pseudo_sum(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                         std::size_t length) {
    return sum_of(std::span(from.bytes()).first(from.size())) +
           sum_of(std::span(to.bytes()).first(to.size())) + protocol +
           static_cast<std::uint32_t>(length & 0xffff) + static_cast<std::uint32_t>(length >> 16);
}

}  // namespace garita::syn_scan
