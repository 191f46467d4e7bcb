#include "adapters/ios/secure_addresses.hpp"

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

std::optional<SecureAddress::Type> type_of(std::string_view word) {
    const auto text = lower(word);
    if (text == "secureconfigured" || text == "securestatic") return SecureAddress::Type::configured;
    if (text == "securesticky") return SecureAddress::Type::sticky;
    if (text == "securedynamic") return SecureAddress::Type::dynamic;
    return std::nullopt;
}

/// "-", "5", "5 (I)".
bool is_age(std::string_view text) {
    const auto first = take_word(text);
    if (first == "-") return text.empty();
    return first.empty() || (number_of<std::uint32_t>(first) && (text.empty() || text == "(I)"));
}

Result<SecureAddress> read_entry(const OutputLine& line) {
    auto rest = trimmed(line.text);
    SecureAddress out{};
    const auto vlan = vlan_of(take_word(rest));
    if (!vlan) return fail_at(line, "does not begin with a VLAN");
    out.vlan = *vlan;
    const auto mac = MacAddress::parse(take_word(rest));
    if (!mac) return fail_at(line, "has no MAC address behind the VLAN");
    out.mac = *mac;
    out.shown_type = take_word(rest);
    const auto type = type_of(out.shown_type);
    if (!type) return fail_at(line, "has no known type of a secure address");
    out.type = *type;
    out.shown_port = take_word(rest);
    const auto port = access::PortName::parse(out.shown_port);
    if (!port) return fail_at(line, "has no port behind the type");
    out.port = *port;
    if (!is_age(rest)) return fail_at(line, "has no age behind the port");
    out.age = rest;
    return out;
}

bool is_head(std::string_view text) {
    return begins_with(text, "Vlan") && text.find("Type") != std::string_view::npos &&
           text.find("Ports") != std::string_view::npos;
}

}  // namespace

std::string_view to_text(SecureAddress::Type type) {
    switch (type) {
        case SecureAddress::Type::configured:
            return "static";
        case SecureAddress::Type::sticky:
            return "sticky";
        case SecureAddress::Type::dynamic:
            return "dynamic";
    }
    return "";
}

Result<SecureAddresses> parse_secure_addresses(const Output& output) {
    SecureAddresses out;
    bool head = false;
    for (const auto& line : output.lines) {
        const auto text = trimmed(line.text);
        if (text.empty() || is_rule(text) || same_word(text, "Secure Mac Address Table")) continue;
        if (is_head(text)) {
            head = true;
            continue;
        }
        if (head && same_word(text, "(mins)")) continue;  // the head's second line
        const auto total = read_totals(line, out.totals);
        if (!total) return tl::unexpected(total.error());
        if (*total) continue;
        if (!head) return fail_at(line, "stands before the head of `show port-security address`");
        auto entry = read_entry(line);
        if (!entry) return tl::unexpected(entry.error());
        out.entries.push_back(std::move(*entry));
    }
    if (!head && !out.totals.total)
        return fail_at(output.lines.front(), "no head of `show port-security address` follows");
    return out;
}

}  // namespace garita::ios
