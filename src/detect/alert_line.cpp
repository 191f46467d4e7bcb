#include "detect/alert_line.hpp"

#include <array>

#include "detect/text_scan.hpp"

namespace garita::detect {
namespace {

using namespace std::string_view_literals;

// The members that are read, and where each stands among the values: table and names go together.
namespace eve {
enum Member : std::size_t {
    event_type,
    timestamp,
    src_ip,
    src_port,
    dest_ip,
    dest_port,
    proto,
    in_iface,
    action,
    signature_id,
    signature,
    category,
    severity,
};
constexpr std::array paths = {
    "event_type"sv,      "timestamp"sv,      "src_ip"sv,         "src_port"sv,     "dest_ip"sv,
    "dest_port"sv,       "proto"sv,          "in_iface"sv,       "alert.action"sv, "alert.signature_id"sv,
    "alert.signature"sv, "alert.category"sv, "alert.severity"sv,
};
}  // namespace eve

namespace wazuh {
enum Member : std::size_t {
    timestamp,
    level,
    id,
    description,
    agent_name,
    srcip,
    src_ip,
    event_ip,
    srcuser,
    dstuser,
    location,
};
constexpr std::array paths = {
    "timestamp"sv,    "rule.level"sv,   "rule.id"sv,     "rule.description"sv,
    "agent.name"sv,   "data.srcip"sv,   "data.src_ip"sv, "data.win.eventdata.ipAddress"sv,
    "data.srcuser"sv, "data.dstuser"sv, "location"sv,
};
}  // namespace wazuh

constexpr std::size_t most_members = 16;
static_assert(eve::paths.size() <= most_members && wazuh::paths.size() <= most_members);

std::span<const std::string_view> paths_of(AlertLog format) {
    return format == AlertLog::suricata ? std::span<const std::string_view>(eve::paths)
                                        : std::span<const std::string_view>(wazuh::paths);
}

Severity severity_of_priority(std::uint32_t priority) {
    if (priority <= 1) return Severity::critical;
    return priority == 2 ? Severity::warning : Severity::info;
}

Severity severity_of_level(std::uint32_t level) {
    constexpr std::uint32_t critical_from = 12;
    constexpr std::uint32_t warning_from = 7;
    if (level >= critical_from) return Severity::critical;
    return level >= warning_from ? Severity::warning : Severity::info;
}

/// False for a text that JSON does not have.
bool add_fact(Facts& facts, std::string_view name, std::string_view raw) {
    if (raw.empty()) return true;
    auto text = unescaped(raw);
    if (!text) return false;
    facts.emplace(name, std::move(*text));
    return true;
}

/// "192.0.2.7:443", "[2001:db8::1]:443", or the address alone.
std::string place_of(std::string_view address, std::string_view port) {
    if (port.empty()) return std::string(address);
    const bool is_v6 = address.find(':') != std::string_view::npos;
    std::string place = is_v6 ? "[" + std::string(address) + "]" : std::string(address);
    return place.append(":").append(port);
}

}  // namespace

AlertLineReader::AlertLineReader(const AlertLineOptions& options)
    : options_(options), members_(paths_of(options.format)) {}

AlertLineKind AlertLineReader::read(std::string_view line, AlertLine& alert) {
    alert = {};
    std::array<std::string_view, most_members> values{};
    if (!members_.read(line, std::span(values).first(paths_of(options_.format).size())))
        return AlertLineKind::unparsed;
    return options_.format == AlertLog::suricata ? read_suricata(values, alert) : read_wazuh(values, alert);
}

AlertLineKind AlertLineReader::read_suricata(Values values, AlertLine& alert) {
    if (values[eve::event_type].empty()) return AlertLineKind::unparsed;
    if (values[eve::event_type] != "alert") return AlertLineKind::other;
    const auto priority = decimal(values[eve::severity]);
    if (!priority || !decimal(values[eve::signature_id])) return AlertLineKind::unparsed;
    if (*priority > options_.lowest_priority) return AlertLineKind::other;
    alert.signature = values[eve::signature_id];
    alert.severity = severity_of_priority(*priority);
    alert.address = scan_address(values[eve::src_ip]);
    alert.when = clock_.read(values[eve::timestamp]);
    alert.facts["signature_id"] = alert.signature;
    if (!values[eve::dest_ip].empty())
        alert.facts["destination"] = place_of(values[eve::dest_ip], values[eve::dest_port]);
    const bool fine = add_fact(alert.facts, "signature", values[eve::signature]) &&
                      add_fact(alert.facts, "category", values[eve::category]) &&
                      add_fact(alert.facts, "action", values[eve::action]) &&
                      add_fact(alert.facts, "proto", values[eve::proto]) &&
                      add_fact(alert.facts, "interface", values[eve::in_iface]);
    alert.facts.try_emplace("signature", alert.signature);
    return fine ? AlertLineKind::alert : AlertLineKind::unparsed;
}

AlertLineKind AlertLineReader::read_wazuh(Values values, AlertLine& alert) {
    const auto level = decimal(values[wazuh::level]);
    if (!level || values[wazuh::id].empty()) return AlertLineKind::unparsed;
    if (*level < options_.least_level) return AlertLineKind::other;
    alert.severity = severity_of_level(*level);
    for (const auto member : {wazuh::srcip, wazuh::src_ip, wazuh::event_ip})
        if (!alert.address) alert.address = scan_address(values[member]);
    alert.when = clock_.read(values[wazuh::timestamp]);
    const auto user = values[wazuh::dstuser].empty() ? values[wazuh::srcuser] : values[wazuh::dstuser];
    const bool fine = add_fact(alert.facts, "rule", values[wazuh::id]) &&
                      add_fact(alert.facts, "description", values[wazuh::description]) &&
                      add_fact(alert.facts, "agent", values[wazuh::agent_name]) &&
                      add_fact(alert.facts, "location", values[wazuh::location]) &&
                      add_fact(alert.facts, "user", user);
    if (!fine) return AlertLineKind::unparsed;
    alert.facts["level"] = values[wazuh::level];
    alert.signature = alert.facts["rule"];
    alert.facts.try_emplace("description", "rule " + alert.signature);
    alert.origin = alert.facts.try_emplace("agent", "-").first->second;
    return AlertLineKind::alert;
}

std::string_view kind_of(AlertLog format) {
    return format == AlertLog::suricata ? "suricata_alert" : "wazuh_alert";
}

}  // namespace garita::detect
