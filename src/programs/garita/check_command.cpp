#include "programs/garita/check_command.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "programs/access/access_check.hpp"
#include "programs/class_backends/class_check.hpp"
#include "programs/ports/port_check.hpp"
#include "runtime/config/document.hpp"
#include "runtime/config/reference.hpp"
#include "runtime/config/report.hpp"

namespace garita::programs {

namespace {

using runtime::Document;
using runtime::FileKind;

constexpr int fine = 0;
constexpr int wrong = 2;

struct Wishes {
    std::vector<std::string> files;
    std::string schema;
    std::string example;
    bool reference = false;
    bool json = false;
};

FileKind kind_named(const std::string& name) {
    return name == "agent" ? FileKind::agent : FileKind::hub;
}

/// With what only the backends of rules can tell.
void add_checked(std::vector<Document>& documents, const std::string& file) {
    auto& document = documents.emplace_back(Document::read(file));
    document.add(class_problems(document));
    document.add(port_problems(document));
    document.add(access_problems(document));
}

int check_files(const Wishes& wishes) {
    std::vector<Document> documents;
    for (const std::string& file : wishes.files)
        add_checked(documents, file);
    const bool all_fine =
        std::all_of(documents.begin(), documents.end(), [](const Document& d) { return d.fine(); });
    if (wishes.json) {
        std::cout << runtime::report_json(documents);
    } else {
        for (const Document& document : documents)
            (document.fine() ? std::cout : std::cerr) << runtime::report_text(document);
    }
    return all_fine ? fine : wrong;
}

int run(const Wishes& wishes) {
    if (wishes.reference) std::cout << runtime::reference_markdown();
    if (!wishes.schema.empty()) std::cout << runtime::json_schema(kind_named(wishes.schema));
    if (!wishes.example.empty()) std::cout << runtime::annotated_example(kind_named(wishes.example));
    const bool printed = wishes.reference || !wishes.schema.empty() || !wishes.example.empty();
    if (wishes.files.empty() && !printed) {
        std::cerr << "garita check: name a file, such as: garita check /etc/garita/hub.yml\n";
        return wrong;
    }
    return wishes.files.empty() ? fine : check_files(wishes);
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code) {
    auto* command =
        app.add_subcommand("check", "Say whether a configuration file is fine, or all that is wrong with it");
    const auto wishes = std::make_shared<Wishes>();
    const CLI::IsMember kinds({"hub", "agent"});
    command->add_option("FILE", wishes->files,
                        "Files of a hub or an agent; which one shows by their first key");
    command->add_flag("--json", wishes->json, "Print the findings as JSON");
    command->add_option("--schema", wishes->schema, "Print the JSON schema of this kind of file")
        ->check(kinds);
    command
        ->add_option("--example", wishes->example,
                     "Print a file with every setting, its default and its meaning")
        ->check(kinds);
    command->add_flag("--reference", wishes->reference, "Print the manual of all settings");
    command->footer("Exit codes: 0 the files are fine, 2 one is wrong or the command was used wrongly.");
    command->callback([wishes, &exit_code] { exit_code = run(*wishes); });
}

}  // namespace garita::programs
