#pragma once
// The parts that settings() is put together from.

#include <span>

#include "runtime/config/settings.hpp"

namespace garita::runtime {

[[nodiscard]] std::span<const Setting> hub_settings();
/// Part of the hub's.
[[nodiscard]] std::span<const Setting> mail_settings();
[[nodiscard]] std::span<const Setting> sink_settings();
[[nodiscard]] std::span<const Setting> on_call_settings();
[[nodiscard]] std::span<const Setting> port_settings();
[[nodiscard]] std::span<const Setting> access_settings();
[[nodiscard]] std::span<const Setting> siem_settings();
/// Below `sources`.
[[nodiscard]] std::span<const Setting> alertmanager_settings();
[[nodiscard]] std::span<const Setting> crowdsec_settings();
[[nodiscard]] std::span<const Setting> agent_settings();

}  // namespace garita::runtime
