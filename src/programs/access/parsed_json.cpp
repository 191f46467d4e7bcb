#include "programs/access/parsed_json.hpp"

#include "adapters/ios/etherchannel.hpp"
#include "adapters/ios/interface_status.hpp"
#include "adapters/ios/mac_address.hpp"
#include "adapters/ios/mac_table.hpp"
#include "adapters/ios/port_security.hpp"
#include "adapters/ios/running_interface.hpp"
#include "adapters/ios/secure_addresses.hpp"
#include "adapters/ios/switchport.hpp"
#include "adapters/ios/version.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace {

using boost::json::value;
using ios::Output;
using runtime::json::array_of;
using runtime::json::Writer;

std::int64_t number(std::uint64_t given) {
    return static_cast<std::int64_t>(given);
}

template <typename Number>
value or_null(const std::optional<Number>& given) {
    if (!given) return nullptr;
    if constexpr (std::is_same_v<Number, bool>)
        return *given;
    else
        return number(*given);
}

value or_null(const std::string& word) {
    if (word.empty()) return nullptr;
    return runtime::json::to_json_text(word, Writer::longest_text);
}

value text(std::string_view word) {
    return runtime::json::to_json_text(word, Writer::longest_text);
}

/// A number where it is one, the switch's own word ("trunk", "All") otherwise.
value vlan_json(const std::optional<std::uint16_t>& vlan, std::string_view shown) {
    if (vlan) return *vlan;
    if (shown.empty()) return nullptr;
    return text(shown);
}

/// What the command asked for, or what was typed behind the prompt.
value asked_port(const ios::ShowCommand& command, const Output& output) {
    auto port = command.port;
    if (!port)
        if (const auto typed = ios::parse_show_command(output.echo)) port = typed->port;
    if (!port) return nullptr;
    return text(port->short_text());
}

value to_json(const ios::PortSecurity& port, value name) {
    return Writer()
        .value("port", std::move(name))
        .value("enabled", port.enabled)
        .text("status", to_text(port.status))
        .text("violation_mode", to_text(port.violation_mode))
        .value("aging_time", or_null(port.aging_minutes))
        .value("aging_type", or_null(port.aging_type))
        .value("static_aging", or_null(port.static_aging))
        .number("maximum", port.maximum)
        .number("total", port.total)
        .number("configured", port.configured)
        .number("sticky", port.sticky)
        .value("last_source", port.last_source ? text(ios::dotted(*port.last_source)) : value())
        .value("last_vlan", or_null(port.last_vlan))
        .number("violations", number(port.violations))
        .finish();
}

value to_json(const ios::SecurePort& port) {
    return Writer()
        .text("port", port.shown)
        .number("maximum", port.maximum)
        .number("total", port.total)
        .number("violations", number(port.violations))
        .text("violation_mode", to_text(port.violation_mode))
        .finish();
}

template <typename Table>
value with_totals(std::string_view name, boost::json::array list, const Table& table) {
    return Writer()
        .value(name, std::move(list))
        .value("total_in_system", or_null(table.totals.total))
        .value("limit_in_system", or_null(table.totals.limit))
        .finish();
}

value to_json(const ios::SecureAddress& entry) {
    return Writer()
        .number("vlan", entry.vlan)
        .text("mac", ios::dotted(entry.mac))
        .text("type", to_text(entry.type))
        .value("ports", boost::json::array{text(entry.shown_port)})
        .value("age", or_null(entry.age))
        .finish();
}

value to_json(const ios::MacEntry& entry) {
    const auto ports = array_of(entry.ports, [](const auto& place) { return text(place.shown); });
    return Writer()
        .value("vlan", vlan_json(entry.vlan, entry.shown_vlan))
        .text("mac", ios::dotted(entry.mac))
        .text("type", entry.type)
        .value("ports", ports)
        .text_if("age", entry.age)
        .text_if("flags", entry.flags)
        .text_if("section", entry.section)
        .finish();
}

value to_json(const ios::InterfaceStatus& port) {
    return Writer()
        .text("port", port.shown_port)
        .text("name", port.name)
        .text("status", port.status)
        .value("vlan", vlan_json(port.vlan, port.shown_vlan))
        .text("duplex", port.duplex)
        .text("speed", port.speed)
        .text("type", port.type)
        .finish();
}

value to_json(const ios::ErrDisabledPort& port) {
    return Writer()
        .text("port", port.shown_port)
        .text("name", port.name)
        .text("status", port.status)
        .text("reason", port.reason)
        .value("vlans", or_null(port.vlans))
        .finish();
}

value to_json(const ios::Switchport& port) {
    return Writer()
        .text("port", port.shown_port)
        .value("enabled", port.enabled)
        .value("administrative_mode", or_null(port.administrative))
        .value("operational_mode", or_null(port.operational))
        .value("bundle", or_null(port.bundle))
        .value("access_vlan", or_null(port.access_vlan))
        .value("access_vlan_name", or_null(port.access_vlan_name))
        .value("native_vlan", or_null(port.native_vlan))
        .value("voice_vlan", vlan_json(port.voice_vlan, port.shown_voice_vlan))
        .value("trunk_vlans", or_null(port.trunk_vlans))
        .finish();
}

value to_json(const ios::EtherchannelGroup& group) {
    const auto members = array_of(group.members, [](const auto& member) {
        return Writer().text("port", member.shown_port).text("flags", member.flags).finish();
    });
    return Writer()
        .number("group", group.group)
        .value("port_channel", or_null(group.shown_bundle))
        .text("flags", group.flags)
        .value("protocol", or_null(group.protocol))
        .value("ports", members)
        .finish();
}

value to_json(const ios::Version& version) {
    return Writer()
        .text("software", to_text(version.software))
        .text("version", version.version)
        .value("image", or_null(version.image))
        .text("hostname", version.hostname)
        .text("uptime", version.uptime)
        .text("model", version.model)
        .value("serial", or_null(version.serial))
        .value("system_image", or_null(version.system_image))
        .value("reload_reason", or_null(version.reload_reason))
        .value("config_register", or_null(version.config_register))
        .finish();
}

std::string_view to_text(ios::RunningInterface::Mode mode) {
    using Mode = ios::RunningInterface::Mode;
    switch (mode) {
        case Mode::none:
            return "";
        case Mode::access:
            return "access";
        case Mode::trunk:
            return "trunk";
        case Mode::dynamic:
            return "dynamic";
        case Mode::other:
            return "other";
    }
    return "";
}

value to_json(const ios::RunningInterface::Secured& secured) {
    const bool sticky = secured.how == ios::RunningInterface::Secured::How::sticky;
    return Writer()
        .text("mac", ios::dotted(secured.mac))
        .text("type", sticky ? "sticky" : "static")
        .value("vlan", or_null(secured.vlan))
        .finish();
}

value security_json(const ios::RunningInterface& port) {
    const auto maximums = array_of(port.vlan_maximums, [](const auto& one) {
        return Writer().number("maximum", one.maximum).text("vlan", one.vlan).finish();
    });
    return Writer()
        .value("enabled", port.port_security)
        .value("maximum", or_null(port.maximum))
        .value("vlan_maximums", maximums)
        .value("violation_mode", port.violation_mode ? text(ios::to_text(*port.violation_mode)) : value())
        .value("learns_sticky", port.learns_sticky)
        .value("entries", array_of(port.secured, [](const auto& one) { return to_json(one); }))
        .finish();
}

value to_json(const ios::RunningInterface& port) {
    return Writer()
        .text("port", port.port.short_text())
        .value("description", or_null(port.description))
        .value("shutdown", port.shut_down)
        .value("routed", port.routed)
        .value("mode", or_null(std::string(to_text(port.mode))))
        .value("access_vlan", or_null(port.access_vlan))
        .value("voice_vlan", or_null(port.voice_vlan))
        .value("channel_group", or_null(port.bundle))
        .value("authenticates", port.authenticates)
        .value("templates", or_null(port.templates))
        .value("port_security", security_json(port))
        .value("lines", array_of(port.lines, [](const auto& line) { return text(line); }))
        .finish();
}

/// A parser's list under a name.
template <typename Entry>
Result<value> list(std::string_view name, const Result<std::vector<Entry>>& entries) {
    if (!entries) return tl::unexpected(entries.error());
    return Writer().value(name, array_of(*entries, [](const auto& one) { return to_json(one); })).finish();
}

template <typename One>
Result<value> single(const Result<One>& one) {
    if (!one) return tl::unexpected(one.error());
    return to_json(*one);
}

}  // namespace

Result<value> parsed_json(const ios::ShowCommand& command, const Output& output) {
    const auto each = [](const auto& one) { return to_json(one); };
    switch (command.show) {
        case ios::Show::port_security: {
            const auto table = ios::parse_secure_ports(output);
            if (!table) return tl::unexpected(table.error());
            return with_totals("ports", array_of(table->ports, each), *table);
        }
        case ios::Show::port_security_interface: {
            const auto port = ios::parse_port_security(output);
            if (!port) return tl::unexpected(port.error());
            return to_json(*port, asked_port(command, output));
        }
        case ios::Show::port_security_address: {
            const auto table = ios::parse_secure_addresses(output);
            if (!table) return tl::unexpected(table.error());
            return with_totals("entries", array_of(table->entries, each), *table);
        }
        case ios::Show::mac_table:
            return list("entries", ios::parse_mac_table(output));
        case ios::Show::interface_status:
            return list("ports", ios::parse_interface_status(output));
        case ios::Show::interface_err_disabled:
            return list("ports", ios::parse_err_disabled(output));
        case ios::Show::interface_switchport:
            return list("ports", ios::parse_switchports(output));
        case ios::Show::etherchannel_summary:
            return list("groups", ios::parse_etherchannel_summary(output));
        case ios::Show::version:
            return single(ios::parse_version(output));
        case ios::Show::running_interface:
            return single(ios::parse_running_interface(output));
    }
    return fail(ErrorCode::not_found, "the command is not known");
}

}  // namespace garita::programs
