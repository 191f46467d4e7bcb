#include "programs/hub/on_call_setup.hpp"

#include <algorithm>

#include "adapters/zoneinfo/local_clock.hpp"
#include "adapters/zoneinfo/zone.hpp"

namespace garita::programs {

std::optional<decide::OnCall> on_call_of(const runtime::HubConfig& config) {
    if (!config.on_call) return std::nullopt;
    decide::OnCall on_call;
    on_call.least = config.on_call->severity;
    on_call.acknowledged_for = config.on_call->acknowledged_for;
    for (const auto& step : config.on_call->steps)
        on_call.steps.push_back({step.after, step.whom()});
    return on_call;
}

Result<decide::QuietHours> quiet_hours_of(const runtime::HubConfig& config,
                                          const std::optional<runtime::QuietHoursConfig>& from,
                                          const std::string& time_zone) {
    if (!from) return decide::QuietHours{};
    const auto clock = zoneinfo::find_clock(time_zone.empty() ? config.time_zone : time_zone);
    if (!clock) return tl::unexpected(clock.error());
    decide::QuietHours quiet;
    quiet.from = from->hours.from;
    quiet.to = from->hours.to;
    quiet.days = from->days;
    quiet.below = from->below;
    quiet.offset = [zone = *clock](Time at) { return zone->offset(at); };
    return quiet;
}

int step_of(const runtime::HubConfig& config, runtime::OnCallConfig::Names kind, std::string_view name) {
    return config.on_call ? config.on_call->step_of(kind, name) : 0;
}

Result<telegram::ChatSettings> chat_settings(const runtime::HubConfig& config,
                                             const runtime::TelegramChatConfig& from) {
    auto quiet = quiet_hours_of(config, from.quiet, from.time_zone);
    if (!quiet) return tl::unexpected(quiet.error());
    std::shared_ptr<const decide::TimeZone> zone;
    if (!from.time_zone.empty()) {
        const auto found = zoneinfo::find_zone(from.time_zone);
        if (!found) return tl::unexpected(found.error());
        zone = *found;
    }
    const auto chats = &runtime::OnCallStepConfig::chats;
    const int by_name = step_of(config, chats, from.name);
    const int by_id = step_of(config, chats, std::to_string(from.id));
    return telegram::ChatSettings{{from.id, from.thread},
                                  from.language,
                                  by_name > 0 ? by_name : by_id,
                                  *std::move(quiet),
                                  std::move(zone)};
}

}  // namespace garita::programs
