#pragma once
// A real nginx writing its log under load, and the real logrotate.

#include <csignal>
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

class NginxWorld {
  public:
    enum class Rotation { rename, copy_and_truncate };

    /// Null where namespaces or programs are missing.
    static std::unique_ptr<NginxWorld> make() {
        for (const char* program : {"/usr/sbin/nginx", "/usr/sbin/logrotate"})
            if (access(program, X_OK) != 0) return nullptr;
        auto space = NetNamespace::make();
        if (!space) return nullptr;
        std::unique_ptr<NginxWorld> world(new NginxWorld(std::move(space)));
        return world->start() ? std::move(world) : nullptr;
    }
    ~NginxWorld() {
        if (nginx_) kill(nginx_->pid(), SIGTERM);  // so that it ends its workers
        if (nginx_) [[maybe_unused]]
            const auto ended = nginx_->ended_within(std::chrono::seconds(5));
    }

    [[nodiscard]] std::string log() const { return directory_ / "log/access.log"; }
    [[nodiscard]] const NetNamespace& space() const { return *space_; }

    [[nodiscard]] bool rotate(Rotation rotation) const {
        const auto name = rotation == Rotation::rename ? "rename.conf" : "truncate.conf";
        return space_->shell("logrotate -f -s " + (directory_ / "state") + " " + (directory_ / name));
    }

    [[nodiscard]] std::string directory() const { return directory_ / "log"; }

  private:
    explicit NginxWorld(std::unique_ptr<NetNamespace> space) : space_(std::move(space)) {}

    bool start() {
        std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
        std::filesystem::create_directory(directory_ / "log");
        std::ofstream(directory_ / "nginx.conf")
            << "user root;\ndaemon off;\nworker_processes 2;\npid " << directory_ / "nginx.pid"
            << ";\nerror_log /dev/null;\nevents { worker_connections 256; }\n"
            << "http { access_log " << log() << " combined; keepalive_requests 1000000;\n"
            << "server { listen 127.0.0.1:8080; location / { return 404; } } }\n";
        const auto common = log() + " {\n  rotate 5000\n  missingok\n  nocompress\n  su root root\n";
        std::ofstream(directory_ / "rename.conf")
            << common << "  create 0640 root root\n  postrotate\n    kill -USR1 $(cat "
            << directory_ / "nginx.pid"
            << ")\n  endscript\n}\n";
        std::ofstream(directory_ / "truncate.conf") << common << "  copytruncate\n}\n";
        for (const char* name : {"rename.conf", "truncate.conf"})
            std::filesystem::permissions(directory_ / name, std::filesystem::perms(0644));
        space_->run([&] {
            nginx_ = std::make_unique<ChildProcess>(
                std::vector<std::string>{"nginx", "-c", directory_ / "nginx.conf", "-p", directory_.path()});
        });
        return eventually([&] { return space_->shell("ss -Hltn sport = :8080 | grep -q LISTEN"); });
    }

    support::TemporaryDirectory directory_;
    std::unique_ptr<NetNamespace> space_;
    std::unique_ptr<ChildProcess> nginx_;
};

}  // namespace garita::testing_support
