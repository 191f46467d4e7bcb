#include "adapters/ios/port_security.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

std::optional<bool> switched_on(std::string_view text) {
    if (same_word(text, "enabled")) return true;
    if (same_word(text, "disabled")) return false;
    return std::nullopt;
}

template <typename Target, typename Value>
bool set(Target& target, const std::optional<Value>& value) {
    if (!value) return false;
    target = *value;
    return true;
}

bool read_status(std::string_view text, PortSecurity& out) {
    using Status = PortSecurity::Status;
    auto word = lower(text);
    word.erase(std::remove(word.begin(), word.end(), '-'), word.end());
    if (word == "secureup")
        out.status = Status::up;
    else if (word == "securedown")
        out.status = Status::down;
    else if (word == "secureshutdown")
        out.status = Status::shutdown;
    else
        return false;
    return true;
}

bool read_aging_time(std::string_view text, PortSecurity& out) {
    const auto number = take_word(text);
    const bool unit = text.empty() || same_word(text, "mins") || same_word(text, "min");
    return unit && set(out.aging_minutes, number_of<std::uint32_t>(number));
}

bool read_aging_type(std::string_view text, PortSecurity& out) {
    out.aging_type = lower(text);
    return out.aging_type == "absolute" || out.aging_type == "inactivity";
}

bool read_source(std::string_view text, PortSecurity& out) {
    return set(out.last_source, MacAddress::parse(trimmed(text)));
}

bool read_source_and_vlan(std::string_view text, PortSecurity& out) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return false;
    return read_source(text.substr(0, colon), out) &&
           set(out.last_vlan, number_of<std::uint16_t>(trimmed(text.substr(colon + 1))));
}

struct Field {
    std::string_view name;
    enum class Must { be_there, may_lack } must;
    bool (*read)(std::string_view value, PortSecurity& out);
};

template <auto member>
bool read_number(std::string_view text, PortSecurity& out) {
    using Number = std::remove_reference_t<decltype(out.*member)>;
    return set(out.*member, number_of<Number>(text));
}

bool read_enabled(std::string_view text, PortSecurity& out) {
    return set(out.enabled, switched_on(text));
}

bool read_violation_mode(std::string_view text, PortSecurity& out) {
    return set(out.violation_mode, parse_violation_mode(text));
}

bool read_static_aging(std::string_view text, PortSecurity& out) {
    return set(out.static_aging, switched_on(text));
}

constexpr std::array fields = {
    Field{"Port Security", Field::Must::be_there, read_enabled},
    Field{"Port Status", Field::Must::be_there, read_status},
    Field{"Violation Mode", Field::Must::be_there, read_violation_mode},
    Field{"Aging Time", Field::Must::may_lack, read_aging_time},
    Field{"Aging Type", Field::Must::may_lack, read_aging_type},
    Field{"SecureStatic Address Aging", Field::Must::may_lack, read_static_aging},
    Field{"Maximum MAC Addresses", Field::Must::be_there, read_number<&PortSecurity::maximum>},
    Field{"Total MAC Addresses", Field::Must::be_there, read_number<&PortSecurity::total>},
    Field{"Configured MAC Addresses", Field::Must::be_there, read_number<&PortSecurity::configured>},
    Field{"Sticky MAC Addresses", Field::Must::may_lack, read_number<&PortSecurity::sticky>},
    Field{"Last Source Address:Vlan", Field::Must::may_lack, read_source_and_vlan},
    Field{"Last Source Address", Field::Must::may_lack, read_source},
    Field{"Security Violation Count", Field::Must::be_there, read_number<&PortSecurity::violations>},
};

/// The value behind "NAME   : ".
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
    if (!begins_with(line, name)) return std::nullopt;
    line = trimmed(line.substr(name.size()));
    if (line.empty() || line.front() != ':') return std::nullopt;
    return trimmed(line.substr(1));
}

/// A field that a newer switch may have: "Some Words : value".
bool looks_like_field(std::string_view line) {
    const auto colon = line.find(" : ");
    if (colon == std::string_view::npos || !is_letter(line.front())) return false;
    return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
        return is_letter(c) || is_digit(c) || c == ' ' || c == '-' || c == '(' || c == ')' || c == ':';
    });
}

Result<void> read_field(const OutputLine& line, std::set<const Field*>& seen, PortSecurity& out) {
    const auto text = trimmed(line.text);
    for (const auto& field : fields) {
        const auto value = value_of(text, field.name);
        if (!value) continue;
        if (!seen.insert(&field).second) return fail_at(line, "stands there twice: output of two ports?");
        if (!field.read(*value, out))
            return fail_at(line, "is no value that \"" + std::string(field.name) + "\" has");
        return {};
    }
    if (!looks_like_field(text)) return fail_at(line, "is no line of `show port-security interface`");
    return {};
}

Result<SecurePort> read_port(const OutputLine& line) {
    auto rest = trimmed(line.text);
    SecurePort out{};
    out.shown = take_word(rest);
    const auto port = access::PortName::parse(out.shown);
    if (!port) return fail_at(line, "does not begin with a port");
    out.port = *port;
    const bool numbers = set(out.maximum, number_of<std::uint32_t>(take_word(rest))) &&
                         set(out.total, number_of<std::uint32_t>(take_word(rest))) &&
                         set(out.violations, number_of<std::uint64_t>(take_word(rest)));
    if (!numbers) return fail_at(line, "has no three counts behind the port");
    if (!set(out.violation_mode, parse_violation_mode(rest)))
        return fail_at(line, "ends with no known action");
    return out;
}

/// "(Count) (Count) (Count)" and its like.
bool is_second_line_of_head(std::string_view text) {
    const auto words = words_of(text);
    return !words.empty() && std::all_of(words.begin(), words.end(),
                                         [](std::string_view word) { return same_word(word, "(count)"); });
}

}  // namespace

std::string_view to_text(ViolationMode mode) {
    switch (mode) {
        case ViolationMode::protect:
            return "protect";
        case ViolationMode::restrict:
            return "restrict";
        case ViolationMode::shutdown:
            return "shutdown";
        case ViolationMode::shutdown_vlan:
            return "shutdown vlan";
    }
    return "";
}

std::optional<ViolationMode> parse_violation_mode(std::string_view text) {
    const auto word = lower(text);
    if (word == "protect") return ViolationMode::protect;
    if (word == "restrict") return ViolationMode::restrict;
    if (word == "shutdown") return ViolationMode::shutdown;
    if (word == "shutdown vlan" || word == "shutdown-vlan") return ViolationMode::shutdown_vlan;
    return std::nullopt;
}

std::string_view to_text(PortSecurity::Status status) {
    switch (status) {
        case PortSecurity::Status::up:
            return "secure-up";
        case PortSecurity::Status::down:
            return "secure-down";
        case PortSecurity::Status::shutdown:
            return "secure-shutdown";
    }
    return "";
}

Result<PortSecurity> parse_port_security(const Output& output) {
    PortSecurity out;
    std::set<const Field*> seen;
    for (const auto& line : output.lines) {
        if (line.empty()) continue;
        if (const auto read = read_field(line, seen, out); !read) return tl::unexpected(read.error());
    }
    for (const auto& field : fields)
        if (field.must == Field::Must::be_there && !seen.contains(&field))
            return fail_at(output.lines.back(),
                           "the output ends without \"" + std::string(field.name) + "\"");
    return out;
}

Result<bool> read_totals(const OutputLine& line, SecureTotals& totals) {
    const auto text = trimmed(line.text);
    const bool total = begins_with(text, "Total Addresses");
    if (!total && !begins_with(text, "Max Addresses limit in System")) return false;
    const auto colon = text.rfind(':');
    const auto number = colon == std::string_view::npos
                            ? std::nullopt
                            : number_of<std::uint32_t>(trimmed(text.substr(colon + 1)));
    if (!number) return fail_at(line, "has no number");
    (total ? totals.total : totals.limit) = *number;
    return true;
}

Result<SecurePorts> parse_secure_ports(const Output& output) {
    SecurePorts out;
    bool head = false;
    for (const auto& line : output.lines) {
        const auto text = trimmed(line.text);
        if (text.empty() || is_rule(text) || is_second_line_of_head(text)) continue;
        if (begins_with(text, "Secure Port") && text.find("MaxSecureAddr") != std::string_view::npos) {
            head = true;
            continue;
        }
        const auto total = read_totals(line, out.totals);
        if (!total) return tl::unexpected(total.error());
        if (*total) continue;
        if (!head) return fail_at(line, "stands before the head of `show port-security`");
        auto port = read_port(line);
        if (!port) return tl::unexpected(port.error());
        out.ports.push_back(std::move(*port));
    }
    if (!head && !out.totals.total)
        return fail_at(output.lines.front(), "no head of `show port-security` follows");
    return out;
}

}  // namespace garita::ios
