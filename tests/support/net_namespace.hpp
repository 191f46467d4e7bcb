#pragma once
// Network namespaces for tests: made, entered by threads, gone with the last handle.

#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace garita::testing_support {

class NetNamespace {
  public:
    /// A new one with its loopback up; null where the process may not make one.
    static std::unique_ptr<NetNamespace> make() {
        int fd = -1;
        std::thread([&fd] {
            if (unshare(CLONE_NEWNET) != 0) return;
            if (std::system("ip link set lo up") != 0) return;
            fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
        }).join();
        if (fd < 0) return nullptr;
        return std::unique_ptr<NetNamespace>(new NetNamespace(fd));
    }
    ~NetNamespace() { close(fd_); }
    NetNamespace(const NetNamespace&) = delete;
    NetNamespace& operator=(const NetNamespace&) = delete;

    /// From now on the calling thread, and what it starts, is in this namespace.
    [[nodiscard]] bool enter() const { return setns(fd_, CLONE_NEWNET) == 0; }

    /// Runs the action in a thread that is in the namespace, and waits for its end.
    template <typename Action>
    void run(Action action) const {
        std::exception_ptr thrown;
        std::thread([&] {
            try {
                if (!enter()) throw std::runtime_error("cannot enter the network namespace");
                action();
            } catch (...) {
                thrown = std::current_exception();
            }
        }).join();
        if (thrown) std::rethrow_exception(thrown);
    }

    /// True when the command line ended with 0. For fixed commands of tests only.
    [[nodiscard]] bool shell(const std::string& command) const {
        int code = -1;
        run([&] { code = std::system(command.c_str()); });
        return code == 0;
    }

    /// For "ip link set … netns": a path that names this namespace while it lives.
    [[nodiscard]] std::string path() const {
        return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_);
    }

  private:
    explicit NetNamespace(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace garita::testing_support
