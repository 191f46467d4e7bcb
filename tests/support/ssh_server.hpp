#pragma once
// A real sshd in a network namespace of its own, with keys made for this test, and the way to it.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "runtime/process/local_runner.hpp"
#include "runtime/process/ssh_runner.hpp"
#include "support/child_process.hpp"
#include "support/net_namespace.hpp"
#include "support/temporary_directory.hpp"

namespace garita::testing_support {

class SshServer {
  public:
    /// Null where namespaces cannot be made or there is no sshd.
    static std::unique_ptr<SshServer> start() {
        if (!std::filesystem::exists("/usr/sbin/sshd") || !std::filesystem::exists("/usr/bin/ssh-keygen"))
            return nullptr;
        auto space = NetNamespace::make();
        if (!space) return nullptr;
        std::unique_ptr<SshServer> server(new SshServer(std::move(space)));
        server->make_keys();
        server->begin();
        return server;
    }
    ~SshServer() {
        if (runner_) space_->run([&] { runner_->disconnect(); });
    }
    SshServer(const SshServer&) = delete;
    SshServer& operator=(const SshServer&) = delete;

    [[nodiscard]] const NetNamespace& space() const { return *space_; }
    [[nodiscard]] runtime::SshAccess access() const {
        runtime::SshAccess access;
        access.host = "127.0.0.1";
        access.port = port;
        access.identity_file = directory_ / "user";
        access.known_hosts_file = directory_ / "known";
        access.control_directory = directory_.path().string();
        return access;
    }
    /// Calls of it belong into a thread that is in space().
    [[nodiscard]] runtime::CommandRunner& runner() {
        if (!runner_) {
            auto made = runtime::SshRunner::make(access(), local_);
            if (!made) throw std::runtime_error(made.error().text);
            runner_ = std::move(*made);
        }
        return *runner_;
    }
    void stop() { server_.reset(); }
    void begin() {
        space_->run([&] {
            server_ = std::make_unique<ChildProcess>(
                std::vector<std::string>{"/usr/sbin/sshd", "-D", "-q", "-f", directory_ / "config"});
            if (!eventually([] { return listens(); })) throw std::runtime_error("sshd does not listen");
        });
    }
    [[nodiscard]] const support::TemporaryDirectory& directory() const { return directory_; }

    static constexpr std::uint16_t port = 2222;

  private:
    explicit SshServer(std::unique_ptr<NetNamespace> space) : space_(std::move(space)) {}

    static bool listens() {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool there = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
        ::close(fd);
        return there;
    }

    void make_keys() {
        for (const char* name : {"host", "user"}) {
            const auto end = local_.run(
                {{"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory_ / name}});
            if (!end || !end->exited_with(0)) throw std::runtime_error("ssh-keygen failed");
        }
        std::string key;
        std::getline(std::ifstream(directory_ / "host.pub"), key);
        std::ofstream(directory_ / "known") << "[127.0.0.1]:" << port << " " << key << "\n";
        std::filesystem::create_directories("/run/sshd");
        std::ofstream(directory_ / "config")
            << "Port " << port << "\nListenAddress 127.0.0.1\nHostKey " << directory_ / "host"
            << "\nAuthorizedKeysFile " << directory_ / "user.pub"
            << "\nStrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n"
               "PidFile none\nMaxStartups 100\n";
    }

    std::unique_ptr<NetNamespace> space_;
    support::TemporaryDirectory directory_;
    runtime::LocalRunner local_;
    std::unique_ptr<ChildProcess> server_;
    std::unique_ptr<runtime::SshRunner> runner_;
};

}  // namespace garita::testing_support
