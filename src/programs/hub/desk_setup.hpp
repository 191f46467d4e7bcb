#pragma once
// What the configuration says, in the words of the desk, the API and the channels.

#include "adapters/rest_api/caller.hpp"
#include "adapters/telegram/http_bot_api.hpp"
#include "adapters/telegram/settings.hpp"
#include "decide/desk_options.hpp"
#include "decide/rule_door.hpp"
#include "enforce/local_network.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::programs {

/// Of the new configuration what can be taken up, of the one in force the rest.
[[nodiscard]] runtime::HubConfig reloadable(runtime::HubConfig config, const runtime::HubConfig& in_force);
/// `local` and `codes` outlive the result.
[[nodiscard]] decide::DeskOptions desk_options(const runtime::HubConfig& config,
                                               enforce::LocalNetworks& local, const decide::CodeBook& codes);
[[nodiscard]] decide::RuleDoor::Classes rule_classes(const runtime::HubConfig& config);
[[nodiscard]] std::optional<Duration> rule_history(const runtime::HubConfig& config);
[[nodiscard]] rest_api::CallerDirectory caller_directory(const runtime::HubConfig& config);
[[nodiscard]] Result<telegram::Settings> telegram_settings(const runtime::HubConfig& config);
[[nodiscard]] telegram::BotApiOptions bot_options(const runtime::TelegramConfig& config);

}  // namespace garita::programs
