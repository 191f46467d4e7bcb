#pragma once
// The keys by which agents know the hub, and the hub knows agents: made at the first start, in its state
// folder.

#include <filesystem>

#include "adapters/hub_link/agent_registry.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/log/log.hpp"
#include "runtime/signing/signing_key.hpp"
#include "runtime/tls/authority.hpp"
#include "runtime/tls/server_context.hpp"

namespace garita::programs {

struct AgentKeys {
    std::filesystem::path authority_file;  ///< of agents' certificates
    runtime::tls::Authority authority;
    runtime::SigningKey orders;
};

/// Where the hub's own certificate is: configured, or in its state folder.
[[nodiscard]] runtime::tls::KeyPaths key_paths(const runtime::HubConfig& config);

/// Loads what is there and makes what is not: the hub's certificate (unless configured), agents-ca.crt and
/// .key, orders.key. All of mode 0600.
[[nodiscard]] Result<AgentKeys> make_agent_keys(const runtime::HubConfig& config, const runtime::Log& log);

/// Of the hub's door for other machines. Whoever shows a certificate shows one of ours; scripts with a token
/// come without.
[[nodiscard]] runtime::tls::ServerSettings tls_settings(const runtime::HubConfig& config,
                                                        const AgentKeys& keys);

/// What agents know the hub by, as configured now.
[[nodiscard]] hub_link::HubIdentity hub_identity(const runtime::HubConfig& config, const AgentKeys& keys);

}  // namespace garita::programs
