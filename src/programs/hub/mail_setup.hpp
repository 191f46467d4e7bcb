#pragma once
// What the configuration says about mail, in the words of the channel.

#include "adapters/mail/settings.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::programs {

struct MailSetup {
    mail::Server server;
    mail::Settings settings;
};

/// `mail` is that of `config`, which gives language and time zone where a recipient has none of their own.
/// Fails on a time zone that this machine does not know.
[[nodiscard]] Result<MailSetup> mail_setup(const runtime::HubConfig& config, const runtime::MailConfig& mail);

}  // namespace garita::programs
