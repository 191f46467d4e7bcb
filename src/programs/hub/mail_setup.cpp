#include "programs/hub/mail_setup.hpp"

#include "adapters/zoneinfo/zone.hpp"
#include "programs/hub/on_call_setup.hpp"

namespace garita::programs {
namespace {

mail::Server::Security security_of(runtime::MailConfig::Security security) {
    using From = runtime::MailConfig::Security;
    using To = mail::Server::Security;
    return security == From::tls ? To::tls : security == From::none ? To::none : To::starttls;
}

Result<mail::Recipient> recipient_of(const runtime::HubConfig& config,
                                     const runtime::MailRecipientConfig& from) {
    const auto zone = zoneinfo::find_zone(from.time_zone.empty() ? config.time_zone : from.time_zone);
    if (!zone) return tl::unexpected(zone.error());
    mail::Recipient to;
    to.address = from.address;
    to.language = from.language.empty() ? config.language : from.language;
    to.zone = *zone;
    to.least = from.severity.value_or(Severity::info);
    to.kinds = from.kinds;
    to.devices = from.devices;
    to.step = step_of(config, &runtime::OnCallStepConfig::mail, from.address);
    auto quiet = quiet_hours_of(config, from.quiet, from.time_zone);
    if (!quiet) return tl::unexpected(quiet.error());
    to.quiet = *std::move(quiet);
    return to;
}

}  // namespace

Result<MailSetup> mail_setup(const runtime::HubConfig& config, const runtime::MailConfig& mail) {
    MailSetup setup;
    setup.server.host = mail.server;
    setup.server.port = mail.port;
    setup.server.security = security_of(mail.security);
    setup.server.user = mail.user;
    setup.server.password = mail.password;
    setup.server.ca_file = mail.ca;
    setup.server.from = mail.from;
    setup.server.timeout = mail.timeout;
    if (!mail.pin.empty()) {
        auto pin = runtime::tls::parse_fingerprint(mail.pin);
        if (!pin) return tl::unexpected(pin.error());
        setup.server.pin = *pin;
    }
    setup.settings.from = mail.from;
    setup.settings.language = config.language;
    setup.settings.limit = static_cast<std::size_t>(mail.limit);
    setup.settings.per = mail.per;
    for (const auto& one : mail.to) {
        auto to = recipient_of(config, one);
        if (!to) return tl::unexpected(to.error());
        setup.settings.to.push_back(std::move(*to));
    }
    return setup;
}

}  // namespace garita::programs
