#pragma once
// From a checked file to typed values.

#include <string>
#include <vector>

#include "runtime/config/agent_config.hpp"
#include "runtime/config/document.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/config/section.hpp"

namespace garita::runtime {

/// Fetches the secrets of a file and remembers which could not be had.
class SecretFetcher {
  public:
    [[nodiscard]] Secret fetch(const Section& section, std::string_view key);
    [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

  private:
    std::vector<Problem> problems_;
};

[[nodiscard]] LogConfig build_log(const Section& log);
[[nodiscard]] RulesLogConfig build_rules_log(const Section& section);

[[nodiscard]] std::vector<MaxPatrolConfig> build_siems(const Section& sources, SecretFetcher& secrets);
[[nodiscard]] MailConfig build_mail(const Section& section, SecretFetcher& secrets);
[[nodiscard]] AlertmanagerConfig build_alertmanager(const Section& section, SecretFetcher& secrets);
[[nodiscard]] CrowdsecConfig build_crowdsec(const Section& section, SecretFetcher& secrets);
[[nodiscard]] std::vector<WebhookConfig> build_webhooks(const Section& root, SecretFetcher& secrets);
[[nodiscard]] std::vector<ExecConfig> build_programs(const Section& root);
[[nodiscard]] OnCallConfig build_on_call(const Section& section);
/// Under `quiet` of this section, where it has them.
[[nodiscard]] std::optional<QuietHoursConfig> build_quiet_hours(const Section& section);
[[nodiscard]] std::vector<DeviceConfig> build_devices(const Section& root);
/// Under `rules` of this section.
[[nodiscard]] std::vector<DeviceClassConfig> build_device_classes(const Section& section);

/// The document has to be fine and of this kind.
[[nodiscard]] HubConfig build_hub_config(const Document& document, SecretFetcher& secrets);
[[nodiscard]] AgentConfig build_agent_config(const Document& document, SecretFetcher& secrets);

/// The document, or its errors in one text, a line each.
[[nodiscard]] Result<Document> read_checked(const std::filesystem::path& file, FileKind kind);
[[nodiscard]] tl::unexpected<Error> failed_secrets(const Document& document, const SecretFetcher& secrets);

}  // namespace garita::runtime
