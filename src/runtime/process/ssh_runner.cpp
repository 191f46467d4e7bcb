#include "runtime/process/ssh_runner.hpp"

#include <algorithm>

namespace garita::runtime {
namespace {

// What ssh itself ends with when it is the connection that failed.
constexpr int connection_failed = 255;
constexpr std::size_t longest_directory = 40;

bool letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool only(std::string_view text, std::string_view also) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return letter_or_digit(c) || also.find(c) != std::string_view::npos;
    });
}

std::string seconds(Duration span) {
    return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(span).count()));
}

Result<void> check(const SshAccess& access) {
    const auto wrong = [](const std::string& what) { return fail(ErrorCode::invalid, what); };
    if (!only(access.host, ".-:_") || access.host.front() == '-')
        return wrong("\"" + access.host +
                     "\" is no host to connect to by SSH: a name or an address is wanted");
    if (!only(access.user, "._-") || access.user.front() == '-')
        return wrong("\"" + access.user + "\" is no user to log in as on " + access.host);
    if (access.port == 0) return wrong("port 0 of " + access.host + " cannot be connected to");
    // ssh_config splits and expands what stands in an option
    for (const auto* path : {&access.identity_file, &access.known_hosts_file, &access.control_directory})
        if (!only(*path, "/._-+") || path->front() != '/')
            return wrong("\"" + *path + "\", set for " + access.host +
                         ", has to be an absolute path of letters, digits and / . _ - +");
    if (access.control_directory.size() > longest_directory)
        return wrong(access.control_directory +
                     " is too long for the socket of a shared connection: at most " +
                     std::to_string(longest_directory) + " characters");
    return {};
}

}  // namespace

bool safe_for_shells(std::string_view word) {
    // zsh takes =word for the path of a program, csh %word for a job where a command stands
    return only(word, "_.-/:,@%+=") && word.front() != '=' && word.front() != '%' && word.front() != '@';
}

Result<std::unique_ptr<SshRunner>> SshRunner::make(SshAccess access, CommandRunner& local) {
    if (auto fine = check(access); !fine) return tl::unexpected(fine.error());
    return std::unique_ptr<SshRunner>(new SshRunner(std::move(access), local));
}

std::vector<std::string> SshRunner::client() const {
    std::vector<std::string> words{access_.program, "-F", "none", "-T"};
    const auto option = [&](const std::string& text) {
        words.emplace_back("-o");
        words.push_back(text);
    };
    option("BatchMode=yes");
    option("StrictHostKeyChecking=yes");
    option("UserKnownHostsFile=" + access_.known_hosts_file);
    option("GlobalKnownHostsFile=none");
    option("UpdateHostKeys=no");
    option("IdentityFile=" + access_.identity_file);
    option("IdentitiesOnly=yes");
    option("PreferredAuthentications=publickey");
    option("ForwardAgent=no");
    option("ClearAllForwardings=yes");
    option("PermitLocalCommand=no");
    option("LogLevel=ERROR");
    option("ConnectTimeout=" + seconds(access_.connect_within));
    option("ServerAliveInterval=5");
    option("ServerAliveCountMax=3");
    option("ControlMaster=auto");
    option("ControlPath=" + access_.control_directory + "/%C");
    option("ControlPersist=" + seconds(access_.stay_connected));
    words.insert(words.end(), {"-p", std::to_string(access_.port), "-l", access_.user});
    return words;
}

Result<CommandEnd> SshRunner::run(const Command& command, const OutputSink& output) {
    if (command.words.empty() || command.words.front().empty() || command.words.front().front() != '/')
        return fail(ErrorCode::invalid, "a command needs the absolute path of its program, as /sbin/ipfw");
    if (!command.environment.empty())
        return fail(ErrorCode::invalid, "no environment can be given to a command on " + place());
    Command remote{client()};
    remote.words.insert(remote.words.end(), {"--", access_.host});
    for (const auto& word : command.words) {
        if (!safe_for_shells(word))
            return fail(ErrorCode::invalid, "a word for " + command.words.front() + " on " + place() +
                                                " has characters that a shell there could take for its own");
        remote.words.push_back(word);
    }
    remote.input = command.input;
    remote.limits = command.limits;
    auto end = local_.run(remote, output);
    if (!end) return end;
    if (end->exited_with(connection_failed)) {
        return fail(
            ErrorCode::unavailable,
            "cannot run " + command.words.front() + " on " + place() + " by SSH: it " + describe(*end),
            Retry::later);
    }
    return end;
}

void SshRunner::disconnect() {
    Command remote{client()};
    remote.words.insert(remote.words.end(), {"-O", "exit", "--", access_.host});
    (void)local_.run(remote);
}

}  // namespace garita::runtime
