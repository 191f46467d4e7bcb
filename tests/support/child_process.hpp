#pragma once
// A program that runs beside a test and ends with it.

#include <chrono>
#include <optional>
#include <signal.h>
#include <spawn.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <sys/wait.h>

namespace garita::testing_support {

class ChildProcess {
  public:
    /// Starts a program by an argument vector, in the namespaces of the calling thread.
    explicit ChildProcess(std::vector<std::string> arguments) {
        std::vector<char*> vector;
        for (auto& argument : arguments)
            vector.push_back(argument.data());
        vector.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
        if (posix_spawnp(&pid_, vector.front(), &actions, nullptr, vector.data(), environ) != 0) pid_ = -1;
        posix_spawn_file_actions_destroy(&actions);
    }
    ~ChildProcess() {
        if (pid_ <= 0 || ended()) return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Its exit code, or 128 plus the signal, once it has ended.
    [[nodiscard]] std::optional<int> ended() {
        int status = 0;
        if (!code_ && pid_ > 0 && waitpid(pid_, &status, WNOHANG) == pid_)
            code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return code_;
    }
    [[nodiscard]] std::optional<int> ended_within(std::chrono::milliseconds limit) {
        const auto until = std::chrono::steady_clock::now() + limit;
        while (!ended() && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return ended();
    }

  private:
    pid_t pid_ = -1;
    std::optional<int> code_;
};

/// Asks again until the condition holds or the time is over.
template <typename Condition>
[[nodiscard]] bool eventually(Condition condition,
                              std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

}  // namespace garita::testing_support
