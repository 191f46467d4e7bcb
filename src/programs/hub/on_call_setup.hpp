#pragma once
// Who is on call, and when somebody is left alone, from the configuration.

#include <optional>
#include <string>
#include <string_view>

#include "adapters/telegram/settings.hpp"
#include "decide/on_call.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::programs {

[[nodiscard]] std::optional<decide::OnCall> on_call_of(const runtime::HubConfig& config);

/// Of a recipient in this time zone; where it names none, in the hub's. None are configured: none.
[[nodiscard]] Result<decide::QuietHours> quiet_hours_of(const runtime::HubConfig& config,
                                                        const std::optional<runtime::QuietHoursConfig>& from,
                                                        const std::string& time_zone);
/// The step that names this recipient; 0: none.
[[nodiscard]] int step_of(const runtime::HubConfig& config, runtime::OnCallConfig::Names kind,
                          std::string_view name);

[[nodiscard]] Result<telegram::ChatSettings> chat_settings(const runtime::HubConfig& config,
                                                           const runtime::TelegramChatConfig& from);

}  // namespace garita::programs
