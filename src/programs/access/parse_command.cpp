// garita access parse COMMAND

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "adapters/ios/command.hpp"
#include "adapters/ios/output.hpp"
#include "programs/access/access_commands.hpp"
#include "programs/access/parsed_json.hpp"
#include "runtime/json/text.hpp"

namespace garita::programs {
namespace {

constexpr int wrong_use = 2;

/// Up to what Output::read refuses.
Result<std::string> read_input() {
    std::string text;
    std::vector<char> piece(std::size_t{64} << 10U);
    while (text.size() <= ios::Output::most_bytes) {
        const auto count = std::fread(piece.data(), 1, piece.size(), stdin);
        text.append(piece.data(), count);
        if (count < piece.size()) break;
    }
    if (std::ferror(stdin) != 0) return fail(ErrorCode::io, "standard input cannot be read");
    return text;
}

int complain(const Error& error) {
    fmt::print(stderr, "garita access parse: {}\n", error.text);
    return 1;
}

int show(const std::string& typed) {
    const auto command = ios::parse_show_command(typed);
    if (!command) {
        fmt::print(stderr, "garita access parse: {}\nKnown, in IOS's abbreviations too:\n",
                   command.error().text);
        for (const auto& known : ios::known_show_commands())
            fmt::print(stderr, "  {}\n", known);
        return wrong_use;
    }
    const auto input = read_input();
    if (!input) return complain(input.error());
    const auto output = ios::Output::read(*input);
    if (!output) return complain(output.error());
    const auto json = parsed_json(*command, *output);
    if (!json) return complain(json.error());
    fmt::print("{}\n", runtime::json::serialize(*json));
    return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace

void add_access_parse(CLI::App& access, int& exit_code) {
    auto* const parse = access.add_subcommand(
        "parse", "read what a Cisco switch printed for a show command, from standard input, as JSON");
    const auto words = std::make_shared<std::vector<std::string>>();
    parse->add_option("COMMAND", *words, "what was typed, as \"sh port-sec int gi1/0/1\"")
        ->required()
        ->type_name("");
    parse->footer(
        "Example:\n  garita access parse show mac address-table < table.txt\n"
        "Exit code: 0 read, 1 not understood (the line and the reason), 2 a command that is not known.");
    parse->callback([words, &exit_code] {
        std::string typed;
        for (const auto& word : *words)
            typed += (typed.empty() ? "" : " ") + word;
        exit_code = show(typed);
    });
}

}  // namespace garita::programs
