#pragma once
// Two hosts joined by a cable: a server with sshd and a real log daemon, and a client. They are network
// namespaces; the server also has /dev, /run and user files of its own, so that the machine's stay as they
// are.

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

class TwoHosts {
  public:
    enum class Logging { journald, rsyslog };

    /// Null where namespaces or programs are missing.
    static std::unique_ptr<TwoHosts> make(Logging logging) {
        const char* daemon =
            logging == Logging::journald ? "/lib/systemd/systemd-journald" : "/usr/sbin/rsyslogd";
        for (const char* program : {daemon, "/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/sshpass"})
            if (access(program, X_OK) != 0) return nullptr;
        std::unique_ptr<TwoHosts> hosts(new TwoHosts(logging));
        return hosts->join() && hosts->start() ? std::move(hosts) : nullptr;
    }

    [[nodiscard]] const NetNamespace& server() const { return *server_; }
    [[nodiscard]] std::string auth_log() const { return directory_ / "auth.log"; }
    /// The server's runtime journal, as seen from outside.
    [[nodiscard]] std::string journal() const {
        return "/proc/" + std::to_string(system_->pid()) + "/root/run/log/journal";
    }

    enum class By { key, password };
    /// A client on the other host that logs in and runs the command.
    [[nodiscard]] std::unique_ptr<ChildProcess> login(const std::string& user, const std::string& address,
                                                      const std::string& command, By by = By::key) const {
        std::vector<std::string> arguments;
        if (by == By::password) arguments = {"sshpass", "-p", "hunter2"};
        for (const auto& word :
             {std::string("ssh"), std::string("-F"), std::string("none"), std::string("-q"),
              std::string("-o"), std::string("StrictHostKeyChecking=no"), std::string("-o"),
              std::string("UserKnownHostsFile=/dev/null"), std::string("-o"),
              std::string(by == By::key ? "IdentityFile=" + (directory_ / "id") : "PubkeyAuthentication=no")})
            arguments.push_back(word);
        arguments.insert(arguments.end(), {user + "@" + address, command});
        std::unique_ptr<ChildProcess> client;
        client_->run([&] { client = std::make_unique<ChildProcess>(arguments); });
        return client;
    }
    /// Runs a command line on the server and waits for its end. For fixed commands of tests only.
    [[nodiscard]] bool on_server(const std::string& command) const {
        return server_->shell("nsenter -t " + std::to_string(system_->pid()) + " -m sh -c '" + command + "'");
    }

  private:
    explicit TwoHosts(Logging logging)
        : logging_(logging), server_(NetNamespace::make()), client_(NetNamespace::make()) {}

    bool join() {
        if (!server_ || !client_) return false;
        const auto peer = "/proc/" + std::to_string(getpid()) + "/fd";
        return server_->shell("ip link add eth0 type veth peer name eth0 netns " + client_->path()) &&
               server_->shell(
                   "ip addr add 10.77.0.1/24 dev eth0 && ip addr add fd77::1/64 dev eth0 nodad && "
                   "ip link set eth0 up") &&
               client_->shell(
                   "ip addr add 10.77.0.2/24 dev eth0 && ip addr add fd77::2/64 dev eth0 nodad && "
                   "ip link set eth0 up");
    }

    void write_files() {
        std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
        std::ofstream(directory_ / "sshd_config")
            << "Port 22\nHostKey " << directory_ / "host"
            << "\nAuthorizedKeysFile " << directory_ / "id.pub"
            << "\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication yes\nPidFile none\n";
        std::ofstream(directory_ / "rsyslog.conf")
            << "module(load=\"imuxsock\")\n$ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat\n"
            << "auth,authpriv.*;user.* " << auth_log() << "\n";
        std::ifstream users("/etc/passwd");
        std::ofstream(directory_ / "passwd") << users.rdbuf() << "garita-ann:x:64301:64301::/:/bin/sh\n";
        std::ifstream secrets("/etc/shadow");
        // the password is "hunter2"
        std::ofstream(directory_ / "shadow")
            << secrets.rdbuf() << "garita-ann:" << password_hash() << ":19000:0:99999:7:::\n";
        std::ofstream(directory_ / "start") << start_script();
    }

    [[nodiscard]] std::string password_hash() const {
        [[maybe_unused]] const bool made =
            server_->shell("openssl passwd -6 hunter2 > " + (directory_ / "hash"));
        std::string hash;
        std::ifstream(directory_ / "hash") >> hash;
        return hash;
    }

    [[nodiscard]] std::string start_script() const {
        std::string script = "set -e\nmount --make-rprivate /\n";
        for (const char* file : {"passwd", "shadow"})
            script += "mount --bind " + (directory_ / file) + " /etc/" + file + "\n";
        script +=
            "d=" + (directory_ / "dev") +
            "\nmkdir $d\nmount -t tmpfs none $d\n"
            "for n in null zero full random urandom tty; do touch $d/$n; mount --bind /dev/$n $d/$n; done\n"
            "mkdir $d/pts $d/shm\nmount --rbind /dev/pts $d/pts\nln -s pts/ptmx $d/ptmx\n"
            "mount --rbind $d /dev\nmount -t tmpfs none /run\nmkdir -p /run/sshd /run/log "
            "/run/systemd/journal\n";
        if (logging_ == Logging::journald)
            script += "ln -s /run/systemd/journal/dev-log /dev/log\nexec /lib/systemd/systemd-journald\n";
        else
            script += "exec /usr/sbin/rsyslogd -n -iNONE -f " + (directory_ / "rsyslog.conf") + "\n";
        return script;
    }

    bool start() {
        for (const char* key : {"host", "id"})
            if (!server_->shell("ssh-keygen -q -t ed25519 -N '' -f " + (directory_ / key))) return false;
        write_files();
        using Words = std::vector<std::string>;
        server_->run([&] {
            system_ = std::make_unique<ChildProcess>(Words{"unshare", "-m", "sh", directory_ / "start"});
        });
        if (!eventually([&] { return on_server("test -S /dev/log"); })) return false;
        server_->run([&] {
            sshd_ = std::make_unique<ChildProcess>(Words{"nsenter", "-t", std::to_string(system_->pid()),
                                                         "-m", "/usr/sbin/sshd", "-D", "-f",
                                                         directory_ / "sshd_config"});
        });
        return eventually([&] { return server_->shell("ss -Hltn sport = :22 | grep -q LISTEN"); });
    }

    Logging logging_;
    support::TemporaryDirectory directory_;
    std::unique_ptr<NetNamespace> server_;
    std::unique_ptr<NetNamespace> client_;
    std::unique_ptr<ChildProcess> system_;  // the log daemon; holds the server's mounts
    std::unique_ptr<ChildProcess> sshd_;
};

}  // namespace garita::testing_support
