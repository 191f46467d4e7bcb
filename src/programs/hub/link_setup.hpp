#pragma once
// Links in letters by which people answer, as configured.

#include <filesystem>
#include <memory>

#include "adapters/decision_links/links.hpp"
#include "adapters/mail/settings.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::programs {

/// Null: no links are configured. Their key is links.key in the state folder, made where there is none yet:
/// without it all links that were sent are none any more. `to`: who gets letters; those whose address is a
/// person's get links.
[[nodiscard]] Result<std::unique_ptr<decision_links::Links>> open_links(
    const runtime::HubConfig& config, const std::vector<mail::Recipient>& to);

}  // namespace garita::programs
