#pragma once
// Names of a switch's ports. One port has many spellings ("Gi1/0/1", "GigabitEthernet1/0/1", "gi 1/0/1"): all
// of them are read as the same value.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace garita::access {

/// One port, bundle of ports or interface of a VLAN, as Cisco names them.
class PortName {
  public:
    enum class Kind : std::uint8_t {
        ethernet,
        fast_ethernet,
        gigabit,
        two_gigabit,
        five_gigabit,
        ten_gigabit,
        twenty_five_gigabit,
        forty_gigabit,
        fifty_gigabit,
        hundred_gigabit,
        two_hundred_gigabit,
        four_hundred_gigabit,
        app_gigabit,
        port_channel,
        vlan,
        loopback,
        tunnel,
        bridge_domain,
        null,
    };
    static constexpr std::size_t most_numbers = 5;

    /// Any abbreviation that means one kind only, in any case; blanks before the first number are allowed.
    /// Nothing for all else.
    [[nodiscard]] static std::optional<PortName> parse(std::string_view text);

    [[nodiscard]] Kind kind() const { return kind_; }
    /// A port that a cable may be plugged into: neither a bundle nor something inside the switch, nor a part
    /// of a port ("Gi1/0/1.100").
    [[nodiscard]] bool is_physical() const;
    [[nodiscard]] std::string text() const;        ///< "GigabitEthernet1/0/1"
    [[nodiscard]] std::string short_text() const;  ///< "Gi1/0/1", as most tables have it

    friend auto operator<=>(const PortName&, const PortName&) = default;

  private:
    [[nodiscard]] bool read_numbers(std::string_view text);
    [[nodiscard]] std::string numbers() const;

    Kind kind_ = Kind::gigabit;
    std::array<std::uint16_t, most_numbers> numbers_{};
    std::uint8_t count_ = 0;
    std::uint32_t part_ = 0;  ///< of "Gi1/0/1.100"; 0: the whole port
};

}  // namespace garita::access
