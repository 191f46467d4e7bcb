#include "adapters/ios/running_interface.hpp"

#include <array>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

/// Takes the prefix off; false: the text does not begin with it.
bool skip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    const auto rest = text.substr(prefix.size());
    if (!rest.empty() && rest.front() != ' ' && !prefix.ends_with(' ')) return false;
    text = rest;
    return true;
}

bool read_vlan_word(std::string_view rest, std::string& vlan) {
    if (rest.empty()) return true;
    if (take_word(rest) != "vlan") return false;
    vlan = rest;
    return !rest.empty();
}

bool read_secured(std::string_view rest, RunningInterface& out) {
    RunningInterface::Secured secured{};
    if (rest.empty()) return false;
    auto word = take_word(rest);
    if (word == "sticky") {
        if (rest.empty()) {
            out.learns_sticky = true;
            return true;
        }
        secured.how = RunningInterface::Secured::How::sticky;
        word = take_word(rest);
    }
    const auto mac = MacAddress::parse(word);
    if (!mac || !read_vlan_word(rest, secured.vlan)) return false;
    secured.mac = *mac;
    out.secured.push_back(std::move(secured));
    return true;
}

bool read_maximum(std::string_view rest, RunningInterface& out) {
    const auto number = number_of<std::uint32_t>(take_word(rest));
    if (!number) return false;
    if (rest.empty()) {
        out.maximum = *number;
        return true;
    }
    RunningInterface::VlanMaximum maximum{*number, {}};
    if (!read_vlan_word(rest, maximum.vlan)) return false;
    out.vlan_maximums.push_back(std::move(maximum));
    return true;
}

/// What stands behind "switchport port-security".
bool read_port_security(std::string_view rest, RunningInterface& out) {
    if (rest.empty()) {
        out.port_security = true;
        return true;
    }
    const auto word = take_word(rest);
    if (word == "mac-address") return read_secured(rest, out);
    if (word == "maximum") return read_maximum(rest, out);
    if (word == "violation") {
        out.violation_mode = parse_violation_mode(rest);
        return out.violation_mode.has_value();
    }
    return word == "aging" || word == "limit";
}

bool read_mode(std::string_view rest, RunningInterface& out) {
    using Mode = RunningInterface::Mode;
    out.mode = Mode::other;  // private VLANs, tunnels
    if (rest == "access") out.mode = Mode::access;
    if (rest == "trunk") out.mode = Mode::trunk;
    if (rest.starts_with("dynamic")) out.mode = Mode::dynamic;
    return true;
}

bool read_switchport(std::string_view rest, RunningInterface& out) {
    if (skip(rest, "port-security")) return read_port_security(trimmed(rest), out);
    if (skip(rest, "mode ")) return read_mode(trimmed(rest), out);
    if (skip(rest, "access vlan ")) {
        out.access_vlan = vlan_of(trimmed(rest));
        return out.access_vlan || begins_with(rest, "dynamic") || begins_with(rest, "name ");
    }
    if (skip(rest, "voice vlan ")) out.voice_vlan = trimmed(rest);
    return true;
}

bool begins_authentication(std::string_view line) {
    constexpr std::array known = {std::string_view("authentication "),
                                  std::string_view("dot1x "),
                                  std::string_view("mab"),
                                  std::string_view("access-session "),
                                  std::string_view("webauth"),
                                  std::string_view("service-policy type control")};
    for (const auto one : known)
        if (line.starts_with(one)) return true;
    return line.starts_with("ip admission");
}

/// False: a line that matters here is not understood.
bool read_line(std::string_view line, RunningInterface& out) {
    if (line == "shutdown") out.shut_down = true;
    if (line == "no switchport") out.routed = true;
    if (line.starts_with("no ")) return true;
    if (begins_authentication(line)) out.authenticates = true;
    auto rest = line;
    if (skip(rest, "switchport ")) return read_switchport(rest, out);
    if (skip(rest, "description ")) out.description = trimmed(rest);
    if (skip(rest, "channel-group ")) out.bundle = take_word(rest);
    if (skip(rest, "source template "))
        out.templates += (out.templates.empty() ? "" : " ") + std::string(trimmed(rest));
    return true;
}

bool is_before_interface(std::string_view text) {
    return text.empty() || text == "!" || begins_with(text, "Building configuration") ||
           begins_with(text, "Current configuration") || begins_with(text, "Derived configuration") ||
           begins_with(text, "! ") || begins_with(text, "Last configuration change");
}

}  // namespace

Result<RunningInterface> parse_running_interface(const Output& output) {
    RunningInterface out;
    bool inside = false;
    bool ended = false;
    for (const auto& line : output.lines) {
        const auto text = trimmed(line.text);
        if (!inside) {
            if (is_before_interface(text)) continue;
            auto name = text;
            const auto port = skip(name, "interface ") ? access::PortName::parse(name) : std::nullopt;
            if (!port) return fail_at(line, "does not begin the configuration of an interface");
            out.port = *port;
            inside = true;
            continue;
        }
        if (text.empty() || text == "!") continue;
        if (ended) return fail_at(line, "stands behind the end of the configuration");
        if (text == "end") {
            ended = true;
            continue;
        }
        if (line.text.front() != ' ') return fail_at(line, "does not belong to the interface");
        if (!read_line(text, out)) return fail_at(line, "is not understood");
        out.lines.emplace_back(text);
    }
    if (!ended) return fail_at(output.lines.back(), "the configuration ends without \"end\"");
    return out;
}

}  // namespace garita::ios
