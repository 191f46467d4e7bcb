#include "adapters/ios/version.hpp"

#include <algorithm>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

void set_once(std::string& target, std::string_view value) {
    if (target.empty()) target = value;
}

/// What stands behind `before`, up to one of `ends`; empty: `before` is not in it.
std::string_view behind(std::string_view text, std::string_view before, std::string_view ends) {
    const auto at = text.find(before);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + before.size());
    return trimmed(text.substr(0, text.find_first_of(ends)));
}

/// "Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE9, RELEASE SOFTWARE (fc1)",
/// "IOS (tm) C2950 Software (C2950-I6Q4L2-M), Version 12.1(22)EA4, …".
void read_software(std::string_view text, Version& out) {
    const bool says_software = begins_with(text, "Cisco IOS") || begins_with(text, "IOS (tm)");
    if (!says_software) return;
    if (text.find("IOS-XE") != std::string_view::npos || text.find("IOS XE") != std::string_view::npos)
        out.software = Version::Software::ios_xe;
    const auto version = text.find("Version ");
    if (version == std::string_view::npos) return;
    const auto before = text.substr(0, version);
    const auto close = before.rfind(')');
    const auto open = close == std::string_view::npos ? close : before.rfind('(', close);
    if (open == std::string_view::npos)
        return;  // "Cisco IOS XE Software, Version …": the train, not the image
    set_once(out.image, before.substr(open + 1, close - open - 1));
    set_once(out.version, behind(text, "Version ", ", "));
    if (out.image.find("IOSXE") != std::string::npos) out.software = Version::Software::ios_xe;
}

/// "cisco WS-C4948E (MPC8548) processor (revision 4) with 1048576K bytes of memory."
void read_model(std::string_view text, Version& out) {
    constexpr std::string_view maker = "cisco ";
    const auto processor = text.find(" processor");
    const bool by_cisco = begins_with(text, maker);
    if (!by_cisco && processor == std::string_view::npos)
        return;  // IOS on Linux: "Linux Unix (Intel-x86) processor"
    if (text.find(" with ") == std::string_view::npos || text.find(" bytes of ") == std::string_view::npos)
        return;
    if (by_cisco) text.remove_prefix(maker.size());
    set_once(out.model, trimmed(text.substr(0, std::min(text.find(" ("), text.find(" processor")))));
}

/// "sw-1 uptime is 2 weeks, 1 day"; a stack's other members say "Switch uptime  : …".
void read_uptime(std::string_view text, Version& out) {
    constexpr std::string_view is = " uptime is ";
    const auto at = text.find(is);
    if (at == std::string_view::npos || text.substr(0, at).find(' ') != std::string_view::npos) return;
    set_once(out.hostname, text.substr(0, at));
    set_once(out.uptime, text.substr(at + is.size()));
}

void read_rest(std::string_view text, Version& out) {
    if (begins_with(text, "Processor board ID ")) set_once(out.serial, behind(text, "ID ", " ,"));
    if (begins_with(text, "System image file is ")) set_once(out.system_image, behind(text, "\"", "\""));
    if (begins_with(text, "Last reload reason: ")) set_once(out.reload_reason, behind(text, ": ", ""));
    if (begins_with(text, "System returned to ROM by "))
        set_once(out.reload_reason, behind(text, " ROM by ", ""));
    if (begins_with(text, "Configuration register is "))
        set_once(out.config_register, behind(text, " is ", " "));
}

}  // namespace

std::string_view to_text(Version::Software software) {
    return software == Version::Software::ios_xe ? "IOS-XE" : "IOS";
}

Result<Version> parse_version(const Output& output) {
    Version out;
    for (const auto& line : output.lines) {
        const auto text = trimmed(line.text);
        read_software(text, out);
        read_model(text, out);
        read_uptime(text, out);
        read_rest(text, out);
    }
    const auto lacks = [&](std::string_view what) {
        return fail_at(output.lines.back(), "the output ends and no line has told " + std::string(what));
    };
    if (out.version.empty()) return lacks("the version of Cisco IOS");
    if (out.hostname.empty()) return lacks("the switch's name and uptime");
    if (out.model.empty()) return lacks("the model");
    return out;
}

}  // namespace garita::ios
