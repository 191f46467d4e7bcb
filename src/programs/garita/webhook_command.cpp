// garita webhook test [NAME]

#include "programs/garita/webhook_command.hpp"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "adapters/catalogue/catalogue.hpp"
#include "programs/hub/sink_setup.hpp"
#include "runtime/clock/clock.hpp"

namespace garita::programs {
namespace {

int complain_of_webhook(std::string_view what) {
    fmt::print(stderr, "garita webhook test: {}\n", what);
    return 1;
}

std::string_view webhook_outcome(sinks::Outcome::Kind kind) {
    using Kind = sinks::Outcome::Kind;
    switch (kind) {
        case Kind::taken:
            return "TAKEN";
        case Kind::later:
            return "NOT NOW: it would be tried again";
        case Kind::refused:
            return "REFUSED";
        case Kind::gone:
            return "GONE: it would be given up at once";
        case Kind::interrupted:
            break;
    }
    return "INTERRUPTED";
}

/// What was tried, and how many did not take it.
struct WebhookTrial {
    int tried = 0;
    int missing = 0;
};

template <typename Config>
Result<void> try_place(const runtime::HubConfig& hub, const Config& one, const std::string& kind,
                       WebhookTrial& trial) {
    const auto carrier = carrier_of(one);
    if (!carrier) return tl::unexpected(carrier.error());
    const auto settings = sink_settings_of(hub, one, kind);
    if (!settings) return tl::unexpected(settings.error());
    const catalogue::MessageCatalogue texts;
    const auto now = runtime::system_now();
    const auto outcome =
        (*carrier)->carry(sinks::test_delivery(now, {texts, *settings->zone, settings->language}), now);
    fmt::print("{}: {}\n", settings->title(), webhook_outcome(outcome.kind));
    if (!outcome.text.empty()) fmt::print("  {}\n", outcome.text);
    std::fflush(stdout);
    ++trial.tried;
    if (outcome.kind != sinks::Outcome::Kind::taken) ++trial.missing;
    return {};
}

int test_webhooks(const std::string& file, const std::string& name) {
    const auto config = runtime::load_hub_config(file);
    if (!config) return complain_of_webhook(config.error().text);
    WebhookTrial trial;
    const auto try_all = [&](const auto& places, const std::string& kind) -> Result<void> {
        for (const auto& one : places) {
            if (!name.empty() && one.name != name) continue;
            if (auto done = try_place(*config, one, kind, trial); !done) return done;
        }
        return {};
    };
    if (const auto done = try_all(config->webhooks, "webhook"); !done)
        return complain_of_webhook(done.error().text);
    if (const auto done = try_all(config->exec, "exec"); !done) return complain_of_webhook(done.error().text);
    if (trial.tried == 0)
        return complain_of_webhook(name.empty() ? file + " has neither `webhooks` nor `exec`"
                                                : "nothing under `webhooks` or `exec` has this name");
    return trial.missing == 0 ? 0 : 1;
}

}  // namespace

void add_webhook_command(CLI::App& app, int& exit_code) {
    auto* const webhook = app.add_subcommand("webhook", "messages about cases to other systems and programs");
    webhook->require_subcommand(1);
    auto* const test = webhook->add_subcommand("test", "send a test message, and say what was answered");
    const auto config = std::make_shared<std::string>("/etc/garita/hub.yml");
    const auto name = std::make_shared<std::string>();
    test->add_option("NAME", *name, "one of `webhooks` or `exec`; otherwise all");
    test->add_option("-c,--config", *config, "the hub's configuration")->capture_default_str();
    test->footer("The hub need not run. Exit code: 0 all took it, 1 one did not, 2 wrong use.");
    test->callback([config, name, &exit_code] { exit_code = test_webhooks(*config, *name); });
}

}  // namespace garita::programs
