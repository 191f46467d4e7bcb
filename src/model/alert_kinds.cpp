#include "model/alert_kinds.hpp"

#include <algorithm>
#include <array>

#include "model/incident.hpp"

namespace garita {
namespace {

using enum Response;

constexpr std::array login_buttons = {allow, close_connection, block};
constexpr std::array address_buttons = {allow, block};
constexpr std::array host_buttons = {nothing, reboot, power_off};
constexpr std::array no_buttons_but_nothing = {nothing};
constexpr std::array policy_buttons = {keep_observing, resume, undo};
constexpr std::array port_buttons = {accept, mute, keep};
constexpr std::array unknown_port_buttons = {mute, keep};
constexpr std::array silence_buttons = {mute, nothing};
constexpr std::array other_buttons = {nothing, block};
constexpr std::array incident_buttons = {refresh, approve, dismiss, start_work, resolve};
constexpr std::array for_every_kind = {allow, nothing};

constexpr std::array<AlertKind, 16> kinds = {{
    {"ssh_login", login_buttons},
    {"http_errors", address_buttons},
    {"log_patterns", address_buttons},
    {"cpu_load", host_buttons},
    {"log_silent", no_buttons_but_nothing},
    {"audit_broken", no_buttons_but_nothing},
    {"runaway_policy", policy_buttons},
    {"orders_refused", no_buttons_but_nothing},
    {"rules_stuck", no_buttons_but_nothing},
    {"ports_drift", port_buttons},
    {"ports_unknown", unknown_port_buttons},
    {incident_kind, incident_buttons, true},
    {"suricata_alert", address_buttons},
    {"wazuh_alert", address_buttons},
    {"alertmanager", silence_buttons},
    {"crowdsec_alert", address_buttons},
}};

const AlertKind* row_of(std::string_view kind) {
    const auto* const row =
        std::find_if(kinds.begin(), kinds.end(), [&](const AlertKind& known) { return known.name == kind; });
    return row == kinds.end() ? nullptr : row;
}

}  // namespace

std::span<const AlertKind> alert_kinds() {
    return kinds;
}

std::span<const Response> buttons_of(std::string_view kind) {
    const auto* const row = row_of(kind);
    return row == nullptr ? std::span<const Response>(other_buttons) : row->buttons;
}

bool is_at_source(std::string_view kind) {
    const auto* const row = row_of(kind);
    return row != nullptr && row->at_source;
}

std::vector<Response> answers_of(std::string_view kind) {
    if (kind == incident_kind) return answers_in(IncidentStatus::fresh);
    const auto buttons = buttons_of(kind);
    std::vector<Response> answers(buttons.begin(), buttons.end());
    for (const Response response : for_every_kind)
        if (std::find(answers.begin(), answers.end(), response) == answers.end()) answers.push_back(response);
    return answers;
}

std::span<const Response> answers_of_every_kind() {
    return for_every_kind;
}

}  // namespace garita
