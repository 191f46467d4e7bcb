// Single parameters: texts of producers to typed values, and back.

#include <algorithm>
#include <array>
#include <charconv>

#include "model/rule_class.hpp"

namespace garita {
namespace {

constexpr std::array<std::pair<ParamType, std::string_view>, 9> type_names{{
    {ParamType::address, "address"},
    {ParamType::network, "network"},
    {ParamType::mac, "mac"},
    {ParamType::port, "port"},
    {ParamType::mark, "mark"},
    {ParamType::rate, "rate"},
    {ParamType::interface, "interface"},
    {ParamType::text, "text"},
    {ParamType::word, "word"},
}};

/// In quotes, on one line and short, whatever it was.
std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 48;
    std::string out = "'";
    for (const char c : text.substr(0, longest))
        out += c >= 0x20 && c < 0x7f ? c : '?';
    return out + (text.size() > longest ? "…'" : "'");
}

tl::unexpected<Error> refuse(std::string_view text, std::string_view what) {
    return fail(ErrorCode::invalid, quoted(text) + " is not " + std::string(what));
}

/// Decimal or hexadecimal without a sign; none where there is anything else, or it does not fit.
std::optional<std::uint32_t> number_of(std::string_view text, int base) {
    std::uint32_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, base);
    if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

std::optional<std::uint32_t> decimal(std::string_view text) {
    if (text.size() > 1 && text[0] == '0') return std::nullopt;
    return number_of(text, 10);
}

Result<ParamValue> parse_address(std::string_view text) {
    if (const auto address = IpAddress::parse(text)) return ParamValue(*address);
    return refuse(text, "an address: 192.0.2.7 or 2001:db8::7 is");
}

Result<ParamValue> parse_network(std::string_view text) {
    if (const auto network = IpNetwork::parse(text)) return ParamValue(*network);
    return refuse(text,
                  "a network: 192.0.2.0/24, 2001:db8::/64 (nothing beyond the prefix) or an address is");
}

Result<ParamValue> parse_mac(std::string_view text) {
    const auto mac = MacAddress::parse(text);
    if (!mac) return refuse(text, "an Ethernet address: 00:53:00:ab:cd:ef is");
    if (!is_one_host(*mac))
        return fail(ErrorCode::invalid, quoted(text) + " is no single host's Ethernet address");
    return ParamValue(*mac);
}

Result<ParamValue> parse_port(std::string_view text) {
    const auto port = decimal(text);
    if (port && *port >= 1 && *port <= 65535) return ParamValue(*port);
    return refuse(text, "a port: 1 to 65535");
}

Result<ParamValue> parse_mark(std::string_view text) {
    const bool hex = text.starts_with("0x");
    if (const auto mark = hex ? number_of(text.substr(2), 16) : decimal(text)) return ParamValue(*mark);
    return refuse(text, "a mark: 0 to 4294967295, or 0x0 to 0xffffffff");
}

Result<ParamValue> parse_rate(std::string_view text) {
    if (const auto rate = BitRate::parse(text)) return ParamValue(*rate);
    return refuse(text,
                  "a rate: bits a second with their unit, bit, kbit, Mbit or Gbit, as 10Mbit or 1.5Mbit");
}

Result<ParamValue> parse_interface(std::string_view text) {
    if (is_interface_name(text)) return ParamValue(std::string(text));
    return refuse(text,
                  "an interface: 1 to 15 letters, digits, '_', '.' or '-', the first no '.' or '-', as eth0");
}

Result<ParamValue> parse_word(const ParamSpec& spec, std::string_view text) {
    if (std::find(spec.words.begin(), spec.words.end(), text) != spec.words.end())
        return ParamValue(std::string(text));
    std::string known;
    for (const auto& word : spec.words)
        known.append(known.empty() ? "" : ", ").append(word);
    return fail(ErrorCode::invalid, quoted(text) + " is not one of " + known);
}

Result<ParamValue> parse_text(const ParamSpec& spec, std::string_view text) {
    if (!is_plain_text(text))
        return fail(ErrorCode::invalid, quoted(text) +
                                            " is not allowed: printable ASCII characters without "
                                            "spaces, at least one, the first no '-'");
    if (spec.matches && !spec.matches(text))
        return fail(ErrorCode::invalid, quoted(text) + " is not allowed: it has to match " + spec.pattern);
    return ParamValue(std::string(text));
}

}  // namespace

std::string_view to_text(ParamType type) {
    for (const auto& [known, name] : type_names)
        if (known == type) return name;
    return {};
}

std::optional<ParamType> parse_param_type(std::string_view text) {
    for (const auto& [type, name] : type_names)
        if (name == text) return type;
    return std::nullopt;
}

bool is_one_host(const MacAddress& mac) {
    const bool zero = std::all_of(mac.bytes.begin(), mac.bytes.end(), [](std::uint8_t b) { return b == 0; });
    return !zero && (mac.bytes[0] & 1U) == 0;
}

bool is_interface_name(std::string_view text) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    return !text.empty() && text.size() <= 15 && text[0] != '-' && text[0] != '.' &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_plain_text(std::string_view text) {
    return !text.empty() && text[0] != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Result<ParamValue> parse_value(const ParamSpec& spec, std::string_view text) {
    switch (spec.type) {
        case ParamType::address:
            return parse_address(text);
        case ParamType::network:
            return parse_network(text);
        case ParamType::mac:
            return parse_mac(text);
        case ParamType::port:
            return parse_port(text);
        case ParamType::mark:
            return parse_mark(text);
        case ParamType::rate:
            return parse_rate(text);
        case ParamType::interface:
            return parse_interface(text);
        case ParamType::text:
            return parse_text(spec, text);
        case ParamType::word:
            return parse_word(spec, text);
    }
    return fail(ErrorCode::invalid, "no such type of parameter");
}

std::string to_text(const ParamValue& value) {
    struct Texts {
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(std::uint32_t number) const { return std::to_string(number); }
        std::string operator()(const IpAddress& address) const { return address.text(); }
        std::string operator()(const IpNetwork& network) const { return network.text(); }
        std::string operator()(const MacAddress& mac) const { return mac.text(); }
        std::string operator()(const BitRate& rate) const { return rate.text(); }
    };
    return std::visit(Texts{}, value);
}

}  // namespace garita
