#include "model/ip.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace garita {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool same_prefix(const IpAddress& a, const IpAddress& b, unsigned prefix) {
    const std::size_t whole = prefix / 8;
    if (std::memcmp(a.bytes().data(), b.bytes().data(), whole) != 0) return false;
    const unsigned rest = prefix % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff00U >> rest);
    return (a.bytes()[whole] & mask) == (b.bytes()[whole] & mask);
}

std::size_t mix(const IpAddress& address, std::uint64_t seed) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, address.bytes().data(), 8);
    std::memcpy(&low, address.bytes().data() + 8, 8);
    std::uint64_t h = (high ^ seed) * 0x9E3779B97F4A7C15ULL;
    h ^= h >> 29;
    h = (h ^ low) * 0xBF58476D1CE4E5B9ULL;
    return static_cast<std::size_t>(h ^ (h >> 32));
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (text.empty() || text.size() >= buffer.size()) return std::nullopt;
    std::copy(text.begin(), text.end(), buffer.begin());
    if (text.find('\0') != std::string_view::npos) return std::nullopt;
    if (text.find(':') == std::string_view::npos) {
        std::array<std::uint8_t, 4> v4{};
        if (inet_pton(AF_INET, buffer.data(), v4.data()) != 1) return std::nullopt;
        return from_v4(v4);
    }
    std::array<std::uint8_t, 16> v6{};
    if (inet_pton(AF_INET6, buffer.data(), v6.data()) != 1) return std::nullopt;
    return from_v6(v6);
}

IpAddress IpAddress::from_v4(std::array<std::uint8_t, 4> bytes) {
    IpAddress address;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
}

IpAddress IpAddress::from_v6(const std::array<std::uint8_t, 16>& bytes) {
    if (std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin()))
        return from_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
    IpAddress address;
    address.family_ = IpFamily::v6;
    address.bytes_ = bytes;
    return address;
}

bool IpAddress::is_loopback() const {
    if (is_v4()) return bytes_[0] == 127;
    return std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto b) { return b == 0; }) && bytes_[15] == 1;
}

bool IpAddress::is_unspecified() const {
    return std::all_of(bytes_.begin(), bytes_.end(), [](auto b) { return b == 0; });
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes_.data(), buffer.data(), buffer.size());
    return buffer.data();
}

IpNetwork::IpNetwork(const IpAddress& address, unsigned prefix) : prefix_(std::min(prefix, address.bits())) {
    auto bytes = address.bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned first_bit = static_cast<unsigned>(i) * 8;
        if (first_bit >= prefix_)
            bytes[i] = 0;
        else if (prefix_ - first_bit < 8)
            bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xff00U >> (prefix_ - first_bit)));
    }
    address_ = address.is_v4() ? IpAddress::from_v4({bytes[0], bytes[1], bytes[2], bytes[3]})
                               : IpAddress::from_v6(bytes);
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == std::string_view::npos) return IpNetwork(*address);
    const auto digits = text.substr(slash + 1);
    unsigned prefix = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.size() > 3 ||
        prefix > address->bits())
        return std::nullopt;
    const IpNetwork network(*address, prefix);
    if (network.address() != *address) return std::nullopt;
    return network;
}

bool IpNetwork::contains(const IpAddress& address) const {
    return address.family() == address_.family() && same_prefix(address, address_, prefix_);
}

bool IpNetwork::contains(const IpNetwork& other) const {
    return other.prefix_ >= prefix_ && contains(other.address_);
}

std::string IpNetwork::text() const {
    return is_host() ? address_.text() : address_.text() + "/" + std::to_string(prefix_);
}

}  // namespace garita

std::size_t std::hash<garita::IpAddress>::operator()(const garita::IpAddress& address) const noexcept {
    return garita::mix(address, static_cast<std::uint64_t>(address.family()));
}

std::size_t std::hash<garita::IpNetwork>::operator()(const garita::IpNetwork& network) const noexcept {
    return garita::mix(network.address(),
                       (static_cast<std::uint64_t>(network.address().family()) << 8) + network.prefix());
}
