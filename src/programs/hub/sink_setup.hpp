#pragma once
// What the configuration says about webhooks and programs, as the channels that they are.

#include <memory>
#include <string>
#include <vector>

#include "adapters/sinks/channel.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::programs {

struct SinkHouse {
    store::Store& store;
    const decide::Catalogue& texts;
    runtime::Log log;
};

/// What brings deliveries to one place. Fails as open_sinks().
[[nodiscard]] Result<std::unique_ptr<sinks::Carrier>> carrier_of(const runtime::WebhookConfig& from);
[[nodiscard]] Result<std::unique_ptr<sinks::Carrier>> carrier_of(const runtime::ExecConfig& from);
/// `kind` is "webhook" or "exec". Fails on a time zone that this machine does not know.
[[nodiscard]] Result<sinks::Settings> sink_settings_of(const runtime::HubConfig& config,
                                                       const runtime::SinkConfig& from, std::string kind);

/// Webhooks first. Fails on what could not be known before secrets were read: a URL that is none, a key that
/// is not base64; and on a time zone that this machine does not know.
[[nodiscard]] Result<std::vector<std::unique_ptr<sinks::Channel>>> open_sinks(
    const SinkHouse& house, const runtime::HubConfig& config);

}  // namespace garita::programs
