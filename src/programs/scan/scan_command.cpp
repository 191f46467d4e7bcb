#include "programs/scan/scan_command.hpp"

#include <memory>

#include <CLI/CLI.hpp>

#include "programs/scan/scan_session.hpp"
#include "programs/scan/scan_wishes.hpp"

namespace garita::programs {

void add_scan_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "scan", "Say which ports answer, at once, from here (needs no hub) or from an agent");
    const auto wishes = std::make_shared<ScanWishes>();
    add_scan_options(*command, *wishes);
    command->footer(
        "Examples:\n  garita scan 192.0.2.0/24\n  garita scan -p all --banner --tls web.example.org\n"
        "  garita scan -p 22,80-90 --exclude 192.0.2.7 --json -iL hosts.txt\n"
        "  garita scan --from web1 -p 22,80,443 10.20.0.0/24\n"
        "Ctrl-C ends a scan with what is known by then, and says that it is partial.\n"
        "Exit codes: 0 all is judged; 1 something is not known (no route, a name without address, stopped "
        "before the end);\n2 wrong use. Addresses of a network at which nobody answers are no failure.\n"
        "Scan only what is yours, or what you were asked to scan.");
    command->callback([wishes, &exit_code] {
        const auto written = written_targets(*wishes);
        if (!written) throw CLI::ValidationError("garita scan", written.error().text);
        if (wishes->transport == Transport::udp && (wishes->banner || wishes->certificate))
            throw CLI::ValidationError("--udp", "--banner and --tls are for TCP ports");
        if (!wishes->from.empty() && wishes->engine == EngineChoice::syn)
            throw CLI::ValidationError("--from",
                                       "agents have no right to raw packets: leave out --engine syn");
        exit_code = run_scan(*wishes, *written);
    });
}

std::vector<std::string> scan_spelling(std::vector<std::string> words) {
    if (words.empty() || words.front() != "scan") return words;
    for (auto& word : words)
        if (word == "-iL") word = "--input";
    return words;
}

}  // namespace garita::programs
