// garita access import conf.json [cisco_params.json] [sql_params.json]

#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <sys/stat.h>

#include "programs/access/access_commands.hpp"
#include "programs/access/psec_import.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::programs {
namespace {

constexpr std::string_view usual_folder = "/etc/garita";
constexpr std::size_t longest_file = std::size_t{1} << 20U;

struct Wishes {
    std::vector<std::string> files;
    std::string secrets;
};

Result<NamedText> content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return fail(ErrorCode::io, file + " cannot be read");
    NamedText content{file, std::string(longest_file + 1, '\0')};
    stream.read(content.text.data(), static_cast<std::streamsize>(content.text.size()));
    if (stream.bad()) return fail(ErrorCode::io, file + " cannot be read");
    content.text.resize(static_cast<std::size_t>(stream.gcount()));
    return content;
}

Result<void> write_all(const runtime::Descriptor& file, std::string_view text, const std::string& path) {
    while (!text.empty()) {
        const auto written = ::write(file.get(), text.data(), text.size());
        if (written <= 0) return fail(ErrorCode::io, path + " cannot be written");
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

int import_files(const Wishes& wishes) {
    std::vector<NamedText> files;
    for (const auto& file : wishes.files) {
        auto content = content_of(file);
        if (!content) return report_failure(content.error());
        files.push_back(std::move(*content));
    }
    const auto folder = wishes.secrets.empty() ? std::string(usual_folder) : wishes.secrets;
    const auto imported = import_psec(files, folder);
    for (auto& file : files)
        runtime::wipe(file.text);
    if (!imported) return report_failure(imported.error());
    if (!wishes.secrets.empty())
        if (const auto written = write_passwords(imported->passwords, folder); !written)
            return report_failure(written.error());
    for (const auto& note : imported->notes)
        std::fputs(("garita: " + note + "\n").c_str(), stderr);
    if (wishes.secrets.empty())
        std::fputs(
            "garita: the passwords are not written anywhere: put each into its file, or use --secrets\n",
            stderr);
    print(imported->text);
    return 0;
}

}  // namespace

Result<void> write_passwords(const std::vector<ImportedAccess::Password>& passwords,
                             const std::string& folder) {
    for (const auto& one : passwords) {
        if (one.value.empty()) continue;
        const auto path = folder + '/' + one.file;
        const runtime::Descriptor file(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
        if (file.get() < 0)
            return fail(ErrorCode::io, path +
                                           " cannot be made: the folder is not there or not yours, or the "
                                           "file is there already, and nothing is written over");
        if (const auto written = write_all(file, one.value.reveal(), path); !written) return written;
    }
    return {};
}

void add_access_import(CLI::App& access, int& exit_code) {
    auto* const command = access.add_subcommand(
        "import", "settings from Psec's files, as YAML for the hub's file; needs no hub");
    const auto wishes = std::make_shared<Wishes>();
    command
        ->add_option("FILE", wishes->files,
                     "conf.json, then cisco_params.json and sql_params.json where they are")
        ->required()
        ->expected(1, 3);
    command
        ->add_option("--secrets", wishes->secrets,
                     "a folder where each password becomes a file that only its owner may read")
        ->check(CLI::ExistingDirectory);
    command->footer(
        "Example:\n  garita access import conf.json cisco_params.json sql_params.json >access.yml");
    command->callback([wishes, &exit_code] { exit_code = import_files(*wishes); });
}

}  // namespace garita::programs
