#pragma once
// A real OpenSSH server with real clients, in a network namespace and with users of its own.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include "support/child_process.hpp"
#include "support/net_namespace.hpp"
#include "support/temporary_directory.hpp"

namespace garita::testing_support {

class SshWorld {
  public:
    static constexpr std::uint16_t port = 2222;

    /// Null where namespaces or OpenSSH are missing.
    static std::unique_ptr<SshWorld> make() {
        auto space = NetNamespace::make();
        if (!space || access("/usr/sbin/sshd", X_OK) != 0 || access("/usr/bin/ssh", X_OK) != 0)
            return nullptr;
        std::unique_ptr<SshWorld> world(new SshWorld(std::move(space)));
        if (!world->start()) return nullptr;
        return world;
    }

    [[nodiscard]] const NetNamespace& space() const { return *space_; }
    [[nodiscard]] std::string file(const std::string& name) const { return directory_ / name; }

    /// A client that logs in and runs the command; `more` are further options of ssh.
    [[nodiscard]] std::unique_ptr<ChildProcess> login(const std::string& user, const std::string& command,
                                                      const std::string& address = "127.0.0.1",
                                                      const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments{"ssh",  "-F",
                                           "none", "-q",
                                           "-i",   file("id"),
                                           "-p",   std::to_string(port),
                                           "-o",   "StrictHostKeyChecking=no",
                                           "-o",   "UserKnownHostsFile=/dev/null",
                                           "-o",   "BatchMode=yes",
                                           "-o",   "ExitOnForwardFailure=yes"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        arguments.insert(arguments.end(), {user + "@" + address, command});
        std::unique_ptr<ChildProcess> client;
        space_->run([&] { client = std::make_unique<ChildProcess>(arguments); });
        return client;
    }

  private:
    explicit SshWorld(std::unique_ptr<NetNamespace> space) : space_(std::move(space)) {}

    bool start() {
        const auto quiet_keygen = [&](const std::string& name) {
            return space_->shell("ssh-keygen -q -t ed25519 -N '' -f " + file(name));
        };
        if (!quiet_keygen("host") || !quiet_keygen("id")) return false;
        std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
        std::ofstream(file("sshd_config"))
            << "Port " << port << "\nListenAddress 127.0.0.1\nListenAddress ::1\nHostKey " << file("host")
            << "\nAuthorizedKeysFile " << file("id.pub")
            << "\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
            << "PidFile " << file("sshd.pid") << "\nAllowTcpForwarding yes\n";
        std::ifstream system_users("/etc/passwd");
        std::ofstream(file("passwd")) << system_users.rdbuf() << "garita-ann:*:64201:64201::/:/bin/sh\n";
        // In a mount namespace of its own, so that the machine's users and /run stay as they are.
        std::ofstream(file("start")) << "set -e\nmount --make-rprivate /\nmount --bind " << file("passwd")
                                     << " /etc/passwd\nmount -t tmpfs tmpfs /run\nmkdir -m 755 /run/sshd\n"
                                     << "exec /usr/sbin/sshd -D -E " << file("log") << " -f "
                                     << file("sshd_config") << "\n";
        space_->run([&] {
            server_ = std::make_unique<ChildProcess>(
                std::vector<std::string>{"unshare", "-m", "sh", file("start")});
        });
        return eventually([&] { return space_->shell("ss -Hltn sport = :2222 | grep -q LISTEN"); });
    }

    support::TemporaryDirectory directory_;
    std::unique_ptr<NetNamespace> space_;
    std::unique_ptr<ChildProcess> server_;
};

}  // namespace garita::testing_support
