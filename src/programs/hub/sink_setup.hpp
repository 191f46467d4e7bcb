#pragma once
// What the configuration says about webhooks and programs, as the channels that they are.

#include <memory>
#include <vector>

#include "adapters/sinks/channel.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::programs {

struct SinkHouse {
    store::Store& store;
    const decide::Catalogue& texts;
    runtime::Log log;
};

/// Webhooks first. Fails on what could not be known before secrets were read: a URL that is none, a key that
/// is not base64; and on a time zone that this machine does not know.
[[nodiscard]] Result<std::vector<std::unique_ptr<sinks::Channel>>> open_sinks(
    const SinkHouse& house, const runtime::HubConfig& config);

}  // namespace garita::programs
