#include "programs/hub/agent_keys.hpp"

#include <unistd.h>

#include "runtime/tls/fingerprint.hpp"
#include "runtime/tls/self_signed.hpp"

namespace garita::programs {
namespace {

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

bool is_everywhere(const std::string& host) {
    return host == "0.0.0.0" || host == "::";
}

/// What an administrator can tell another machine; where the hub listens everywhere, by its host's name.
std::string url_for_agents(const runtime::HubConfig& config) {
    if (!config.url.empty()) return config.url;
    if (!is_everywhere(config.listen.host)) return "https://" + config.listen.text();
    return "https://" + runtime::Endpoint{host_name(), config.listen.port}.text();
}

Result<void> make_certificate(const runtime::HubConfig& config, const runtime::Log& log) {
    const auto files = key_paths(config);
    if (std::filesystem::exists(files.certificate) && std::filesystem::exists(files.key)) return {};
    if (!config.certificate.empty())
        return fail(ErrorCode::not_found,
                    "hub.certificate: " + files.certificate.string() + " or its key is not there");
    std::vector<std::string> names{"localhost", "127.0.0.1"};
    if (config.listen.host != "127.0.0.1" && !is_everywhere(config.listen.host))
        names.push_back(config.listen.host);
    log.info("making the hub's key and certificate", {{"certificate", files.certificate.string()}});
    return runtime::tls::make_self_signed(files, names);
}

}  // namespace

runtime::tls::KeyPaths key_paths(const runtime::HubConfig& config) {
    return {config.certificate.empty() ? config.state / "hub.crt" : config.certificate,
            config.key.empty() ? config.state / "hub.key" : config.key};
}

Result<AgentKeys> make_agent_keys(const runtime::HubConfig& config, const runtime::Log& log) {
    if (const auto made = make_certificate(config, log); !made) return tl::unexpected(made.error());
    const runtime::tls::KeyPaths files{config.state / "agents-ca.crt", config.state / "agents-ca.key"};
    auto authority = runtime::tls::Authority::open(files);
    if (!authority) return tl::unexpected(authority.error());
    auto orders = runtime::SigningKey::open(config.state / "orders.key");
    if (!orders) return tl::unexpected(orders.error());
    return AgentKeys{files.certificate, std::move(*authority), std::move(*orders)};
}

runtime::tls::ServerSettings tls_settings(const runtime::HubConfig& config, const AgentKeys& keys) {
    runtime::tls::ServerSettings settings;
    settings.files = key_paths(config);
    settings.clients = runtime::tls::ClientCertificates::requested;
    settings.client_ca = keys.authority_file;
    settings.dates = runtime::tls::ClientDates::application;
    return settings;
}

hub_link::HubIdentity hub_identity(const runtime::HubConfig& config, const AgentKeys& keys) {
    const auto pin = runtime::tls::fingerprint_sha256(key_paths(config).certificate);
    return {url_for_agents(config), pin.value_or(runtime::tls::Fingerprint{}),
            keys.orders.verifying().text()};
}

}  // namespace garita::programs
