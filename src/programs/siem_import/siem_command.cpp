// garita siem import SETTINGS.PY [--database FILE] [--secrets FOLDER]

#include "programs/siem_import/siem_command.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "programs/cli/terminal.hpp"
#include "programs/siem_import/siem_bot_database.hpp"
#include "programs/siem_import/siem_bot_import.hpp"
#include "runtime/tls/private_file.hpp"

namespace garita::programs {
namespace {

constexpr std::size_t longest_settings = 1U << 20U;
constexpr std::string_view usual_folder = "/etc/garita";

struct SiemImportWishes {
    std::string settings, database, secrets;
};

void tell(const std::string& line) {
    std::fputs(("garita: " + line + "\n").c_str(), stderr);
}

/// What is there already is not written over: it may be newer than the bot's.
Result<void> write_secrets(const ImportedSiemBot& imported) {
    for (const auto& [file, secret] : imported.secrets) {
        if (std::filesystem::exists(file)) {
            tell(file.string() + " is there already, and stays as it is");
            continue;
        }
        if (auto written = runtime::tls::write_private_file(file, secret.reveal()); !written) return written;
        tell(file.string() + " was written; its owner alone may read it, so give it to the hub's account");
    }
    return {};
}

int import_bot(const SiemImportWishes& wishes) {
    const auto settings = runtime::tls::read_small_file(wishes.settings, longest_settings);
    if (!settings) return report_failure(settings.error());
    std::optional<SiemBotMemory> memory;
    if (!wishes.database.empty()) {
        auto read = read_siem_bot_database(wishes.database);
        if (!read) return report_failure(read.error());
        memory = std::move(*read);
    }
    const std::filesystem::path folder(wishes.secrets.empty() ? std::string(usual_folder) : wishes.secrets);
    const auto imported = import_siem_bot(*settings, wishes.settings, memory, folder);
    if (!imported) return report_failure(imported.error());
    for (const auto& note : imported->notes)
        tell(note);
    if (!wishes.secrets.empty()) {
        if (const auto written = write_secrets(*imported); !written) return report_failure(written.error());
    } else {
        for (const auto& [file, secret] : imported->secrets)
            tell(file.string() + " is to be made: by hand, or with --secrets FOLDER");
    }
    std::fputs(imported->text.c_str(), stdout);
    return 0;
}

}  // namespace

void add_siem_command(CLI::App& app, int& exit_code) {
    auto* const siem = app.add_subcommand("siem", "incidents of a SIEM");
    siem->require_subcommand(1);
    auto* const importing = siem->add_subcommand(
        "import", "the settings and chats of MPSIEM-Telegram-notification; prints YAML, needs no hub");
    const auto wishes = std::make_shared<SiemImportWishes>();
    importing->add_option("SETTINGS", wishes->settings, "its settings.py, which is read and not run")
        ->required();
    importing->add_option("--database", wishes->database,
                          "its SQLite file: chats that are allowed and denied, and how far it has told");
    importing->add_option(
        "--secrets", wishes->secrets,
        "folder where token and passwords are written, a file each, readable for you alone");
    importing->footer("Garita begins where the bot stopped: stop the bot first. Exit code: 0 done, 1 not");
    importing->callback([wishes, &exit_code] { exit_code = import_bot(*wishes); });
}

}  // namespace garita::programs
