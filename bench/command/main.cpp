// How long the command backend takes to bring N entries into a set by "ipset restore", beside "ipset restore"
// itself fed with the same lines; here, and over SSH in one session. Usage: garita-bench-command N ROUNDS

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "adapters/command/command_backend.hpp"
#include "bench/support/measuring.hpp"
#include "model/ready_classes.hpp"
#include "runtime/process/local_runner.hpp"
#include "support/ssh_server.hpp"

namespace {

using garita::Result;
using garita::RuleKey;
using garita::RuleValue;
using garita::bench::must;
using garita::bench::stop;
using garita::enforce::ClassChange;
using garita::runtime::Command;

constexpr const char* ipset = "/usr/sbin/ipset";

garita::command::Settings settings() {
    garita::command::Settings made;
    made.names = {{"table", "bench"}};
    made.batch = {ipset, "-exist", "restore"};
    made.add_line = "add {table} {ip}";
    made.remove_line = "del {table} {ip}";
    made.list = {ipset, "list", "{table}"};
    made.listed = R"(^(?P<ip>\d+\.\d+\.\d+\.\d+)$)";
    made.line_number = R"(Error in line (\d+):)";
    made.lines_at_once = 1'000'000;
    return made;
}

std::string address(std::uint32_t number) {
    const std::uint32_t mixed = number * 2654435761U;  // an odd factor: all different
    return fmt::format("{}.{}.{}.{}", mixed >> 24U, mixed >> 16U & 255U, mixed >> 8U & 255U, mixed & 255U);
}

double milliseconds(std::chrono::steady_clock::duration span) {
    return std::chrono::duration<double, std::milli>(span).count();
}

double median(std::vector<double> all) {
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
}

void run(garita::runtime::CommandRunner& runner, std::vector<std::string> words, std::string input = {}) {
    Command command{std::move(words)};
    command.input = std::move(input);
    const auto end = must(runner.run(command));
    if (!end.exited_with(0)) stop(garita::runtime::describe(end));
}

void empty_set(garita::runtime::CommandRunner& runner) {
    run(runner, {ipset, "-exist", "create", "bench", "hash:ip", "maxelem", "2000000"});
    run(runner, {ipset, "flush", "bench"});
}

void expect_count(std::size_t count) {
    garita::runtime::LocalRunner local;
    const auto end = must(local.run({{ipset, "list", "-terse", "bench"}}));
    if (end.output.find(fmt::format("Number of entries: {}\n", count)) == std::string::npos)
        stop("the set does not hold what it should:\n" + end.output);
}

/// `floor` is a shell's line that feeds the file to the program itself.
void compare(const char* what, garita::runtime::CommandRunner& runner, const std::string& floor,
             const std::vector<ClassChange>& changes, int rounds) {
    auto backend = must(garita::command::CommandBackend::make(garita::ready_class("inet_access").value(),
                                                              settings(), runner));
    std::vector<double> bare;
    std::vector<double> ours;
    for (int round = 0; round < rounds; ++round) {
        empty_set(runner);
        auto begun = std::chrono::steady_clock::now();
        if (std::system(floor.c_str()) != 0) stop("failed: " + floor);
        bare.push_back(milliseconds(std::chrono::steady_clock::now() - begun));
        expect_count(changes.size());
        empty_set(runner);
        begun = std::chrono::steady_clock::now();
        if (!must(backend->apply(changes)).empty()) stop("some were refused");
        ours.push_back(milliseconds(std::chrono::steady_clock::now() - begun));
        expect_count(changes.size());
    }
    fmt::print("{:<34} {:>9} {:>10.1f} ms   floor: {:>10.1f} ms   ratio {:.2f}\n", what, changes.size(),
               median(ours), median(bare), median(ours) / median(bare));
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) stop("usage: garita-bench-command N ROUNDS");
    const auto entries = static_cast<std::uint32_t>(std::strtoul(arguments[1], nullptr, 10));
    const int rounds = std::atoi(arguments[2]);
    const auto rules = garita::ready_class("inet_access").value();
    const auto open = must(rules.read_value("open"));
    std::vector<ClassChange> changes;
    const auto server = garita::testing_support::SshServer::start();
    if (!server) stop("needs root, network namespaces and sshd");
    const auto lines = server->directory() / "lines";
    {
        std::ofstream file(lines);
        for (std::uint32_t i = 1; i <= entries; ++i) {
            changes.push_back({must(rules.read_params(address(i))), std::nullopt, open});
            file << "add bench " << address(i) << "\n";
        }
    }
    const auto access = server->access();
    const std::string ssh = fmt::format(
        "/usr/bin/ssh -F none -T -o BatchMode=yes -o ControlPath={0}/%C -o UserKnownHostsFile={1} -o "
        "IdentityFile={2} -p {3} -l root 127.0.0.1 ",
        access.control_directory, access.known_hosts_file, access.identity_file, access.port);
    server->space().run([&] {
        garita::runtime::LocalRunner local;
        compare("command: ipset restore", local, std::string(ipset) + " -exist restore < " + lines, changes,
                rounds);
        auto& remote = server->runner();
        run(remote, {"/bin/true"});  // the connection is open for both
        compare("command: ipset restore over SSH", remote, ssh + ipset + " -exist restore < " + lines,
                changes, rounds);
    });
    return 0;
}
