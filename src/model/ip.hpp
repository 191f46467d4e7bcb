#pragma once
// Addresses and networks of both families as one pair of value types. IPv4-mapped IPv6 is turned into IPv4 at
// the door.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace garita {

enum class IpFamily : std::uint8_t { v4 = 4, v6 = 6 };

/// One IPv4 or IPv6 address; bytes in network order, the first 4 used for IPv4, the rest zero.
class IpAddress {
  public:
    constexpr IpAddress() = default;
    /// Strict: no leading zeros, no zone, no port, no surrounding space. "::ffff:192.0.2.1" becomes
    /// 192.0.2.1.
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);
    [[nodiscard]] static IpAddress from_v4(std::array<std::uint8_t, 4> bytes);
    [[nodiscard]] static IpAddress from_v6(const std::array<std::uint8_t, 16>& bytes);

    [[nodiscard]] constexpr IpFamily family() const { return family_; }
    [[nodiscard]] constexpr bool is_v4() const { return family_ == IpFamily::v4; }
    [[nodiscard]] constexpr const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    [[nodiscard]] constexpr std::size_t size() const { return is_v4() ? 4 : 16; }
    [[nodiscard]] constexpr unsigned bits() const { return is_v4() ? 32 : 128; }
    [[nodiscard]] bool is_loopback() const;
    [[nodiscard]] bool is_unspecified() const;
    /// RFC 5952 form.
    [[nodiscard]] std::string text() const;

    friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

  private:
    IpFamily family_ = IpFamily::v4;
    std::array<std::uint8_t, 16> bytes_{};
};

/// A prefix with its host bits zero; a single address is the prefix of full length.
class IpNetwork {
  public:
    constexpr IpNetwork() = default;
    explicit IpNetwork(const IpAddress& host) : address_(host), prefix_(host.bits()) {}
    /// The network of this length that holds the address; prefix is cut to the family's length.
    IpNetwork(const IpAddress& address, unsigned prefix);
    /// "192.0.2.1", "192.0.2.0/24", "2001:db8::/32". Host bits that are not zero are refused by `parse`.
    [[nodiscard]] static std::optional<IpNetwork> parse(std::string_view text);

    [[nodiscard]] const IpAddress& address() const { return address_; }
    [[nodiscard]] unsigned prefix() const { return prefix_; }
    [[nodiscard]] bool is_host() const { return prefix_ == address_.bits(); }
    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] bool contains(const IpNetwork& other) const;
    [[nodiscard]] bool overlaps(const IpNetwork& other) const {
        return contains(other) || other.contains(*this);
    }
    /// Without "/32" or "/128" for a single address.
    [[nodiscard]] std::string text() const;

    friend constexpr auto operator<=>(const IpNetwork&, const IpNetwork&) = default;

  private:
    IpAddress address_{};
    unsigned prefix_ = 0;
};

}  // namespace garita

template <>
struct std::hash<garita::IpAddress> {
    std::size_t operator()(const garita::IpAddress& address) const noexcept;
};
template <>
struct std::hash<garita::IpNetwork> {
    std::size_t operator()(const garita::IpNetwork& network) const noexcept;
};
