#include "programs/garita/completion_command.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace garita::programs {

namespace {

using Words = std::vector<std::string>;

/// Nothing in it means anything to a shell.
bool is_plain(std::string_view word) {
    constexpr std::string_view marks = "-_.@";
    return !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

std::string joined(const Words& words, std::string_view between) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : std::string(between)) + word;
    return text;
}

Words split(std::string_view text, char at) {
    Words parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(at), text.size());
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

Words spellings(const CLI::Option& option) {
    Words all;
    for (const auto& name : option.get_lnames())
        all.push_back("--" + name);
    for (const auto& name : option.get_snames())
        all.push_back("-" + name);
    std::erase_if(all, [](const std::string& word) { return !is_plain(word); });
    return all;
}

/// "auto|connect|syn", or what CLI::IsMember writes: "TEXT:{hub,agent}". Empty: anything may be written.
Words choices(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.find('}');
    Words found;
    if (open != std::string::npos && close != std::string::npos && open < close)
        found = split(std::string_view(type).substr(open + 1, close - open - 1), ',');
    else if (type.find('|') != std::string::npos)
        found = split(type, '|');
    if (!std::all_of(found.begin(), found.end(), [](const std::string& word) { return is_plain(word); }))
        found.clear();
    return found;
}

bool wants_file(const CLI::Option& option) {
    const auto meant = [](std::string_view text) {
        return text.find("FILE") != std::string_view::npos || text.find("FOLDER") != std::string_view::npos;
    };
    constexpr std::string_view config = "config";
    return meant(option.get_type_name()) || meant(option.get_name(true)) ||
           std::find(option.get_lnames().begin(), option.get_lnames().end(), config) !=
               option.get_lnames().end();
}

Words names_of(const std::vector<const CLI::App*>& commands) {
    Words names;
    for (const auto* command : commands)
        if (is_plain(command->get_name())) names.push_back(command->get_name());
    return names;
}

/// What is known of one command, and of those below it.
class Script {
  public:
    void add(const CLI::App& command, const std::string& path) {
        const auto below =
            command.get_subcommands([](const CLI::App* app) { return !app->get_group().empty(); });
        Words offered = names_of(below);
        std::string files;
        for (const auto* option : command.get_options()) {
            add_values(*option, path);
            if (option->get_positional() && wants_file(*option)) files = "; files=yes";
            if (option->get_positional())
                for (auto& word : choices(*option))
                    offered.push_back(std::move(word));
            for (auto& word : spellings(*option))
                offered.push_back(std::move(word));
        }
        offers_ += fmt::format("        \"{}\") words=\"{}\"{} ;;\n", path, joined(offered, " "), files);
        for (const auto* next : below) {
            if (!is_plain(next->get_name())) continue;
            paths_.push_back(fmt::format("\"{} {}\"", path, next->get_name()));
            add(*next, path + " " + next->get_name());
        }
    }

    [[nodiscard]] std::string text() const {
        return fmt::format(R"(# bash completion of garita, made by `garita completion bash`
_garita() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} path=garita words= files= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$path ${{COMP_WORDS[i]}}" in
            {}) path="$path ${{COMP_WORDS[i]}}" ;;
        esac
    done
    COMPREPLY=()
    case "$path $prev" in
{}    esac
    case "$path" in
{}    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    [ -z "$files" ] || COMPREPLY+=($(compgen -f -- "$cur"))
}}
complete -o filenames -F _garita garita
)",
                           joined(paths_, " | "), values_, offers_);
    }

  private:
    /// What comes behind an option that wants a value.
    void add_values(const CLI::Option& option, const std::string& path) {
        if (option.get_positional() || option.get_items_expected_max() == 0) return;
        Words after;
        for (const auto& word : spellings(option))
            after.push_back(fmt::format("\"{} {}\"", path, word));
        if (after.empty()) return;
        std::string action = "return";
        if (const auto of = choices(option); !of.empty())
            action = "COMPREPLY=($(compgen -W \"" + joined(of, " ") + "\" -- \"$cur\")); return";
        else if (wants_file(option))
            action = "COMPREPLY=($(compgen -f -- \"$cur\")); return";
        values_ += fmt::format("        {}) {} ;;\n", joined(after, " | "), action);
    }

    Words paths_;
    std::string values_;
    std::string offers_;
};

}  // namespace

std::string bash_completion(const CLI::App& app) {
    Script script;
    script.add(app, "garita");
    return script.text();
}

void add_completion_command(CLI::App& app) {
    auto* const command =
        app.add_subcommand("completion", "Print what makes a shell complete commands and options");
    command->require_subcommand(1);
    auto* const bash = command->add_subcommand("bash", "For bash");
    bash->footer("Example: garita completion bash >/etc/bash_completion.d/garita");
    bash->callback([&app] { fmt::print("{}", bash_completion(app)); });
}

}  // namespace garita::programs
