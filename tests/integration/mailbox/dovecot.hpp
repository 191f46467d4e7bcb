#pragma once
// A real Dovecot in a network namespace of its own, with a dozen mailboxes; letters are laid into them as a
// delivering program does.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "adapters/mailbox/settings.hpp"
#include "support/child_process.hpp"
#include "support/net_namespace.hpp"
#include "support/temporary_directory.hpp"

namespace garita::mailbox {

class Dovecot {
  public:
    /// Null where namespaces cannot be made or there is no Dovecot.
    static std::unique_ptr<Dovecot> start() {
        for (const auto* program : {"/usr/sbin/dovecot", "/usr/lib/dovecot/imap", "/usr/lib/dovecot/pop3"})
            if (!std::filesystem::exists(program)) return nullptr;
        auto space = testing_support::NetNamespace::make();
        if (!space) return nullptr;
        return std::unique_ptr<Dovecot>(new Dovecot(std::move(space)));
    }
    ~Dovecot() {
        if (!server_ || server_->pid() <= 0) return;
        ::kill(server_->pid(), SIGTERM);
        (void)server_->ended_within(std::chrono::seconds(20));
    }
    Dovecot(const Dovecot&) = delete;
    Dovecot& operator=(const Dovecot&) = delete;

    [[nodiscard]] const testing_support::NetNamespace& space() const { return *space_; }
    [[nodiscard]] std::string certificate() const { return directory_ / "server.pem"; }

    [[nodiscard]] MailboxServer mailbox(const std::string& user, MailboxServer::Protocol protocol,
                                        MailboxServer::Security security) const {
        MailboxServer server;
        const bool imap = protocol == MailboxServer::Protocol::imap;
        const bool tls = security == MailboxServer::Security::tls;
        server.protocol = protocol;
        server.host = "127.0.0.1";
        server.port = static_cast<std::uint16_t>(imap ? (tls ? 993 : 143) : (tls ? 995 : 110));
        server.security = security;
        server.user = user;
        server.password = runtime::Secret("secret");
        server.ca_file = certificate();
        server.connect_timeout = std::chrono::seconds{60};
        return server;
    }

    /// As a delivering program: written aside, then moved in.
    void deliver(const std::string& user, const std::string& letter) {
        const auto box = directory_.path() / "mail" / user;
        for (const auto* folder : {"tmp", "new", "cur"})
            std::filesystem::create_directories(box / folder);
        const auto name = "1.M" + std::to_string(++delivered_) + "P1.test";
        std::ofstream(box / "tmp" / name, std::ios::binary) << letter;
        own(directory_ / "mail");
        std::filesystem::rename(box / "tmp" / name, box / "new" / name);
    }

    /// "doveadm …": true when it ended well.
    [[nodiscard]] bool admin(const std::string& words) const {
        return space_->shell("doveadm -c " + config() + ' ' + words + " >/dev/null 2>&1");
    }

  private:
    explicit Dovecot(std::unique_ptr<testing_support::NetNamespace> space) : space_(std::move(space)) {
        prepare();
        begin();
        if (!testing_support::eventually([this] { return listens(); }, std::chrono::seconds(60)))
            throw std::runtime_error("Dovecot does not listen");
    }

    [[nodiscard]] std::string config() const { return directory_ / "dovecot.conf"; }

    static void run(const std::string& command) {
        if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
    }
    static void own(const std::string& path) { run("chown -R nobody:nogroup " + path); }

    void prepare() {
        std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
        std::filesystem::create_directories(directory_ / "mail");
        run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
            "/CN=localhost "
            "-addext subjectAltName=IP:127.0.0.1 -keyout " +
            (directory_ / "server.key") + " -out " + certificate() + " 2>/dev/null");
        std::ofstream users(directory_ / "users");
        for (int i = 0; i < 20; ++i)
            users << 'u' << i << ":{PLAIN}secret\n";
        users.close();
        own(directory_ / "mail");
        std::ofstream(config()) << "base_dir = " << (directory_ / "run")
                                << "\nstate_dir = " << (directory_ / "state")
                                << "\nlog_path = " << (directory_ / "log") << settings << "ssl_cert = <"
                                << certificate() << "\nssl_key = <" << (directory_ / "server.key")
                                << "\npassdb {\n  driver = passwd-file\n  args = scheme=PLAIN "
                                << (directory_ / "users")
                                << "\n}\nuserdb {\n  driver = static\n  args = uid=65534 gid=65534 home="
                                << (directory_ / "mail")
                                << "/%u\n}\nmail_location = maildir:" << (directory_ / "mail") << "/%u\n";
    }

    void begin() {
        space_->run([&] {
            server_ = std::make_unique<testing_support::ChildProcess>(
                std::vector<std::string>{"/usr/sbin/dovecot", "-F", "-c", config()});
        });
    }

    /// It opens its ports one after another.
    [[nodiscard]] bool listens() const {
        bool there = true;
        space_->run([&] {
            for (const std::uint16_t port :
                 {std::uint16_t{110}, std::uint16_t{143}, std::uint16_t{993}, std::uint16_t{995}}) {
                const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
                sockaddr_in to{};
                to.sin_family = AF_INET;
                to.sin_port = htons(port);
                to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
                there = there && ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
                ::close(fd);
            }
        });
        return there;
    }

    static constexpr const char* settings = R"(
protocols = imap pop3
listen = 127.0.0.1
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
ssl = required
auth_mechanisms = plain login
mailbox_idle_check_interval = 1 secs
mail_max_userip_connections = 50
auth_failure_delay = 0
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
}
service pop3-login {
  chroot =
}
service stats {
  chroot =
}
)";

    std::unique_ptr<testing_support::NetNamespace> space_;
    support::TemporaryDirectory directory_;
    std::unique_ptr<testing_support::ChildProcess> server_;
    int delivered_ = 0;
};

}  // namespace garita::mailbox
