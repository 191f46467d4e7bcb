#pragma once
// What the rules of one name look like: the types of their parameters and of their value. Texts of producers
// come in here, typed and canonical values go on; a backend never sees a text that was not read here.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/ip.hpp"
#include "model/packed.hpp"
#include "model/result.hpp"

namespace garita {

/// Six bytes of an Ethernet address.
struct MacAddress {
    std::array<std::uint8_t, 6> bytes{};
    /// "aa:bb:cc:dd:ee:ff", "aa-bb-cc-dd-ee-ff", "aabb.ccdd.eeff", "aabbccddeeff".
    [[nodiscard]] static std::optional<MacAddress> parse(std::string_view text);
    [[nodiscard]] std::string text() const;  ///< the first form, lower case
    friend auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

/// Bits a second. "10Mbit", "512kbit", "1.5Gbit", "800bit", "10mbps" is refused (bits or bytes?).
struct BitRate {
    std::uint64_t bits_per_second = 0;
    [[nodiscard]] static std::optional<BitRate> parse(std::string_view text);
    [[nodiscard]] std::string text() const;  ///< the largest unit without a fraction: "1500kbit"
    friend auto operator<=>(const BitRate&, const BitRate&) = default;
};

enum class ParamType : std::uint8_t {
    address,    ///< one host, either family
    network,    ///< a prefix; a single address is one of full length
    mac,        ///< neither zero nor multicast
    port,       ///< 1 to 65535
    mark,       ///< 32 bits, decimal or 0x
    rate,       ///< BitRate
    interface,  ///< a Linux interface name: 1 to 15 of [A-Za-z0-9_.-], no leading '-' or '.'
    text,       ///< printable ASCII without space that the pattern matches whole; never with a leading '-'
    word,       ///< one of a list, as open|closed
};

[[nodiscard]] std::string_view to_text(ParamType type);
[[nodiscard]] std::optional<ParamType> parse_param_type(std::string_view text);

struct ParamSpec {
    std::string name;  ///< as templates call it: {ip}
    ParamType type = ParamType::address;
    std::vector<std::string> words{};                 ///< of `word`
    std::string pattern{};                            ///< of `text`, for people; empty: any
    std::function<bool(std::string_view)> matches{};  ///< of `text`: the pattern, wholly; none: any
};

/// One typed value; `std::string` for interface, text and word; std::uint32_t for port and mark.
using ParamValue = std::variant<IpAddress, IpNetwork, MacAddress, BitRate, std::uint32_t, std::string>;

/// What the types above call for, beyond the form.
[[nodiscard]] bool is_one_host(const MacAddress& mac);
[[nodiscard]] bool is_interface_name(std::string_view text);
[[nodiscard]] bool is_plain_text(std::string_view text);

/// Of one spec. The error says what is wrong and what is allowed, without naming the rule.
[[nodiscard]] Result<ParamValue> parse_value(const ParamSpec& spec, std::string_view text);
[[nodiscard]] std::string to_text(const ParamValue& value);

/// The rules of one name. A value type, made from the configuration.
class RuleClass {
  public:
    RuleClass(std::string name, std::vector<ParamSpec> params, ParamSpec value,
              const std::string& absent = {});

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::span<const ParamSpec> params() const { return params_; }
    [[nodiscard]] const ParamSpec& value() const { return value_; }
    /// The value that a device has without any entry, as "closed" where access is opened one by one: such a
    /// desired value is brought about by taking the entry away. Nothing: there is none.
    [[nodiscard]] const std::optional<RuleValue>& absent() const { return absent_; }
    /// What an entry stands for where its being there is all that it can say: the one word that is not the
    /// absent one. Nothing: there are several such words, or the value is of another type.
    [[nodiscard]] std::optional<RuleValue> only_value() const;

    /// "192.0.2.7" or, of several, separated by single spaces: "192.0.2.7 aa:bb:cc:dd:ee:ff". The error names
    /// the parameter, what it was and what is allowed.
    [[nodiscard]] Result<RuleKey> read_params(std::string_view text) const;
    [[nodiscard]] Result<RuleValue> read_value(std::string_view text) const;

    /// Packed bytes that `read_…` of the same class has made; others (a foreign or older store) are an error.
    [[nodiscard]] Result<std::vector<ParamValue>> unpack(const RuleKey& key) const;
    [[nodiscard]] Result<ParamValue> unpack(const RuleValue& value) const;
    /// Canonical: reading them gives the same bytes. Of bytes that are not of this class: "?" and hex digits.
    [[nodiscard]] std::string params_text(const RuleKey& key) const;
    [[nodiscard]] std::string value_text(const RuleValue& value) const;

  private:
    std::string name_;
    std::vector<ParamSpec> params_;
    ParamSpec value_;
    std::optional<RuleValue> absent_;
};

}  // namespace garita
