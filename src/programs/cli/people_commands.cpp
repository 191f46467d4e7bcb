// garita people totp NAME

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "programs/cli/commands.hpp"
#include "programs/cli/qr_code.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/config/values.hpp"
#include "runtime/totp/totp.hpp"

namespace garita::programs {
namespace {

int make_totp(const std::string& name) {
    const auto secret = runtime::make_totp_secret();
    const auto uri = runtime::otpauth_uri(name, secret);
    if (isatty(STDOUT_FILENO) != 0) print(qr_code(uri));
    print(
        fmt::format("{}\n\n"
                    "Secret: {}\n\n"
                    "1. {} scans the code above, or types the secret, into an authenticator program.\n"
                    "2. Put the secret where only the hub reads it, and tell the hub's configuration:\n"
                    "     people:\n"
                    "       {}: {{totp: {{file: /etc/garita/{}.totp}}}}\n"
                    "3. Restart the hub. Nothing was changed by this command.\n",
                    uri, secret.reveal(), name, name, name));
    return 0;
}

}  // namespace

void add_people_commands(CLI::App& app, int& exit_code) {
    auto* const people = app.add_subcommand("people", "who decides");
    people->require_subcommand(1);
    auto* const totp =
        people->add_subcommand("totp", "make a new secret for a person's one-time codes, and show it");
    const auto name = std::make_shared<std::string>();
    totp->add_option("NAME", *name, "the person, as the hub's configuration calls it")
        ->required()
        ->check([](const std::string& text) {
            return runtime::is_name(text) ? std::string() : "'" + text + "' is no name of a person";
        });
    totp->callback([name, &exit_code] { exit_code = make_totp(*name); });
}

}  // namespace garita::programs
