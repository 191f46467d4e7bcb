// garita mail test [ADDRESS]

#include "programs/garita/mail_command.hpp"

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/mail/letter.hpp"
#include "adapters/mail/letter_text.hpp"
#include "adapters/mail/smtp_call.hpp"
#include "model/mail_identity.hpp"
#include "programs/hub/mail_setup.hpp"
#include "runtime/clock/clock.hpp"

namespace garita::programs {
namespace {

int complain(std::string_view what) {
    fmt::print(stderr, "garita mail test: {}\n", what);
    return 1;
}

std::string_view in_words(mail::Server::Security security) {
    switch (security) {
        case mail::Server::Security::starttls:
            return "STARTTLS";
        case mail::Server::Security::tls:
            return "TLS";
        case mail::Server::Security::none:
            break;
    }
    return "no TLS";
}

std::string how(const mail::Server& server) {
    return fmt::format("{}, {}", in_words(server.security),
                       server.user.empty() ? "no login" : "login as " + server.user);
}

std::string_view in_words(mail::Delivery::Kind kind) {
    using Kind = mail::Delivery::Kind;
    switch (kind) {
        case Kind::taken:
            return "TAKEN";
        case Kind::later:
            return "NOT NOW: it would be tried again";
        case Kind::refused:
            return "REFUSED";
        case Kind::server_trouble:
            return "NOT SENT: nobody's letters would go out";
        case Kind::login_refused:
            return "LOGIN REFUSED: nobody's letters would go out";
    }
    return "";
}

/// Returns whether the server took it.
bool try_one(const MailSetup& setup, const mail::Recipient& to, const catalogue::MessageCatalogue& texts) {
    const auto now = runtime::system_now();
    auto words = mail::test_words({texts, *to.zone, to.language});
    mail::Letter letter;
    letter.from = setup.settings.from;
    letter.to = to.address;
    letter.subject = std::move(words.subject);
    letter.text = std::move(words.text);
    const auto& from = setup.settings.from;
    letter.id = fmt::format("test-{}@{}", to_micros(now), from.substr(from.find('@') + 1));
    letter.date = now;
    letter.about = "test";
    const std::atomic<bool> cancelled{false};
    const auto delivery = mail::deliver(setup.server, {1, to.address, to_mime(letter)}, cancelled);
    fmt::print("{}: {}\n  {}\n", to.address, in_words(delivery.kind), delivery.text);
    std::fflush(stdout);
    return delivery.kind == mail::Delivery::Kind::taken;
}

int test_mail(const std::string& file, const std::string& address) {
    const auto config = runtime::load_hub_config(file);
    if (!config) return complain(config.error().text);
    if (!config->mail) return complain(file + " has no `mail`");
    auto setup = mail_setup(*config, *config->mail);
    if (!setup) return complain(setup.error().text);
    auto to = setup->settings.to;
    if (!address.empty()) {
        const auto wanted = parse_mail_address(address);
        if (!wanted) return complain("'" + address + "' is no mail address");
        std::erase_if(to, [&](const mail::Recipient& one) { return one.address != *wanted; });
        if (to.empty()) {  // anybody may be tried
            runtime::MailConfig other = *config->mail;
            other.to = {{*wanted, {}, {}, {}, {}, {}}};
            setup = mail_setup(*config, other);
            if (!setup) return complain(setup.error().text);
            to = setup->settings.to;
        }
    }
    if (to.empty()) return complain("nobody stands under mail.to; name an ADDRESS");
    fmt::print("{}, {}\n", runtime::name_of(setup->server), how(setup->server));
    const catalogue::MessageCatalogue texts;
    int missing = 0;
    for (const auto& one : to)
        if (!try_one(*setup, one, texts)) ++missing;
    return missing == 0 ? 0 : 1;
}

}  // namespace

void add_mail_command(CLI::App& app, int& exit_code) {
    auto* const mail = app.add_subcommand("mail", "letters to people");
    mail->require_subcommand(1);
    auto* const test = mail->add_subcommand("test", "send a test letter, and say what the server answered");
    const auto config = std::make_shared<std::string>("/etc/garita/hub.yml");
    const auto address = std::make_shared<std::string>();
    test->add_option("ADDRESS", *address, "to whom; otherwise everybody under mail.to");
    test->add_option("-c,--config", *config, "the hub's configuration")->capture_default_str();
    test->footer(
        "The hub need not run. Exit code: 0 the server took every letter, 1 it did not, 2 wrong use.");
    test->callback([config, address, &exit_code] { exit_code = test_mail(*config, *address); });
}

}  // namespace garita::programs
