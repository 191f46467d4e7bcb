// garita siem import SETTINGS.PY [--database FILE] [--secrets FOLDER] [--output FILE] [--dry-run] [--json]

#include "programs/siem_import/siem_command.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/json/value.hpp>

#include "programs/cli/terminal.hpp"
#include "programs/siem_import/siem_bot_database.hpp"
#include "programs/siem_import/siem_bot_import.hpp"
#include "runtime/json/text.hpp"
#include "runtime/json/writer.hpp"
#include "runtime/tls/private_file.hpp"

namespace garita::programs {
namespace {

constexpr std::size_t longest_settings = 1U << 20U;
constexpr std::string_view usual_folder = "/etc/garita";

struct SiemImportWishes {
    std::string settings, database, secrets, output;
    bool json = false;
    bool dry_run = false;
};

void tell(const std::string& line) {
    std::fputs(("garita: " + line + "\n").c_str(), stderr);
}

struct WrittenFile {
    std::filesystem::path file;
    std::string what;  ///< "written", "there already", "to be written", "to be made"
};

/// What is there already is not written over: it may be newer than the bot's.
Result<std::vector<WrittenFile>> write_secrets(const ImportedSiemBot& imported,
                                               const SiemImportWishes& wishes) {
    std::vector<WrittenFile> files;
    for (const auto& [file, secret] : imported.secrets) {
        if (std::filesystem::exists(file)) {
            files.push_back({file, "there already"});
        } else if (wishes.secrets.empty() || wishes.dry_run) {
            files.push_back({file, wishes.secrets.empty() ? "to be made" : "to be written"});
        } else {
            if (auto written = runtime::tls::write_private_file(file, secret.reveal()); !written)
                return tl::unexpected(written.error());
            files.push_back({file, "written"});
        }
    }
    return files;
}

/// A file that is there already with other words is not written over.
Result<void> write_configuration(const std::string& text, const SiemImportWishes& wishes) {
    if (wishes.output.empty()) return {};
    if (const auto there = runtime::tls::read_small_file(wishes.output, longest_settings)) {
        if (*there == text) return {};
        return fail(ErrorCode::conflict,
                    wishes.output + " is there already and says something else; nothing is written over");
    } else if (there.error().code != ErrorCode::not_found) {
        return fail(ErrorCode::conflict, wishes.output + " is there already; nothing is written over");
    }
    if (wishes.dry_run) return {};
    return runtime::tls::write_private_file(wishes.output, text);
}

void tell_all(const ImportedSiemBot& imported, const std::vector<WrittenFile>& files,
              const SiemImportWishes& wishes) {
    for (const auto& note : imported.notes)
        tell(note);
    for (const auto& [file, what] : files)
        if (what == "written")
            tell(file.string() +
                 " was written; its owner alone may read it, so give it to the hub's account");
        else if (what == "there already")
            tell(file.string() + " is there already, and stays as it is");
        else
            tell(file.string() + " is " + what +
                 (wishes.dry_run ? "" : ": by hand, or with --secrets FOLDER"));
    if (wishes.output.empty() || wishes.dry_run) std::fputs(imported.text.c_str(), stdout);
}

/// In one document; without any secret.
void print_json(const ImportedSiemBot& imported, const std::vector<WrittenFile>& files,
                const SiemImportWishes& wishes) {
    namespace json = runtime::json;
    boost::json::array secrets;
    for (const auto& [file, what] : files)
        secrets.push_back(json::Writer().text("file", file.string()).text("state", what).finish());
    boost::json::array notes;
    for (const auto& note : imported.notes)
        notes.emplace_back(json::to_json_text(note, longest_settings));
    print(json::serialize(json::Writer()
                              .value("configuration", json::to_json_text(imported.text, 4 * longest_settings))
                              .value("notes", std::move(notes))
                              .value("secrets", std::move(secrets))
                              .value("dry_run", wishes.dry_run)
                              .finish()) +
          "\n");
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
    if (const auto written = write_configuration(imported->text, wishes); !written)
        return report_failure(written.error());
    const auto files = write_secrets(*imported, wishes);
    if (!files) return report_failure(files.error());
    if (wishes.json)
        print_json(*imported, *files, wishes);
    else
        tell_all(*imported, *files, wishes);
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
    importing->add_option("--output", wishes->output,
                          "the file for the YAML, instead of the output; nothing is written over");
    importing->add_flag("--dry-run", wishes->dry_run, "write no file, only show what would be written");
    importing->add_flag("--json", wishes->json, "YAML, remarks and files of secrets as one JSON document");
    importing->footer("Garita begins where the bot stopped: stop the bot first. Exit code: 0 done, 1 not");
    importing->callback([wishes, &exit_code] { exit_code = import_bot(*wishes); });
}

}  // namespace garita::programs
