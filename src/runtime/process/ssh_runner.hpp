#pragma once
// Runs commands on another machine by the OpenSSH client, all over one connection that stays open between
// them.

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/process/command.hpp"

namespace garita::runtime {

/// Whom to speak to, and how.
struct SshAccess {
    std::string user = "root";
    std::string host;  ///< a name or an address
    std::uint16_t port = 22;
    std::string identity_file;     ///< absolute path of the private key
    std::string known_hosts_file;  ///< absolute path; a host that is not in it is not spoken to
    /// A directory of ours, readable by nobody else, for the socket of the shared connection: at most 40
    /// characters, because a socket's whole path may not have more than a hundred.
    std::string control_directory;
    Duration connect_within = std::chrono::seconds(10);
    Duration stay_connected = std::chrono::seconds(60);  ///< after the last command
    std::string program = "/usr/bin/ssh";
};

/// The other side's shell reads the words, so only words of letters, digits and _ . - / : , @ % + = go
/// there, and none that a shell could take for something else; others are refused. Data goes by standard
/// input. A command that is stopped at its time limit is let go of; the other machine sees its input and
/// output closed. Several runners with the same access share the connection.
class SshRunner final : public CommandRunner {
  public:
    /// `local` runs the client, and must outlive this.
    [[nodiscard]] static Result<std::unique_ptr<SshRunner>> make(SshAccess access, CommandRunner& local);

    Result<CommandEnd> run(const Command& command, const OutputSink& output = {}) override;

    /// Ends the shared connection now, with all that uses it.
    void disconnect();

  private:
    SshRunner(SshAccess access, CommandRunner& local) : access_(std::move(access)), local_(local) {}
    [[nodiscard]] std::vector<std::string> client() const;
    [[nodiscard]] std::string place() const { return access_.user + "@" + access_.host; }

    SshAccess access_;
    CommandRunner& local_;
};

/// Whether a remote shell of any kind leaves this word as it is.
[[nodiscard]] bool safe_for_shells(std::string_view word);

}  // namespace garita::runtime
