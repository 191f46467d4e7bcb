#include "runtime/process/local_runner.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "runtime/descriptor/descriptor.hpp"

namespace garita::runtime {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t piece = 64 * 1024;

tl::unexpected<Error> failure(const Command& command, const std::string& what, int error) {
    const bool wrong =
        error == ENOENT || error == EACCES || error == ENOEXEC || error == ENOTDIR || error == E2BIG;
    return fail(wrong ? ErrorCode::invalid : ErrorCode::io,
                what + " " + command.words.front() + ": " + std::strerror(error),
                wrong ? Retry::no : Retry::later);
}

Result<void> check(const Command& command) {
    if (command.words.empty() || command.words.front().empty() || command.words.front().front() != '/')
        return fail(ErrorCode::invalid,
                    "a command needs the absolute path of its program, as /usr/sbin/ipset");
    const auto has_zero = [](const std::string& word) { return word.find('\0') != std::string::npos; };
    if (std::any_of(command.words.begin(), command.words.end(), has_zero) ||
        std::any_of(command.environment.begin(), command.environment.end(), has_zero))
        return fail(ErrorCode::invalid, "a zero byte in a word for " + command.words.front());
    return {};
}

/// A file in memory rather than a pipe: whoever never reads it, or ends before, blocks nobody.
Result<Descriptor> input_file(const Command& command) {
    Descriptor file(::memfd_create("garita-input", MFD_CLOEXEC));
    if (!file.is_open()) return failure(command, "cannot set aside the input of", errno);
    std::string_view rest = command.input;
    while (!rest.empty()) {
        const auto written = ::write(file.get(), rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failure(command, "cannot set aside the input of", errno);
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::lseek(file.get(), 0, SEEK_SET) != 0) return failure(command, "cannot rewind the input of", errno);
    return file;
}

struct Pipe {
    Descriptor reader;
    Descriptor writer;
};

Result<Pipe> make_pipe(const Command& command) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failure(command, "cannot make a pipe for", errno);
    Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
    (void)::fcntl(pipe.reader.get(), F_SETFL, O_NONBLOCK);  // of the reader alone
    return pipe;
}

/// What posix_spawn is told; freed with it.
class SpawnPlan {
  public:
    SpawnPlan(int in, int out, int err) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
        posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        posix_spawn_file_actions_addchdir_np(&actions_, "/");
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setflags(&attributes_,
                                 POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    [[nodiscard]] int spawn(pid_t& child, const Command& command) const {
        auto words = pointers(command.words);
        auto environment = pointers(command.environment);
        return ::posix_spawn(&child, words.front(), &actions_, &attributes_, words.data(),
                             environment.data());
    }

  private:
    static std::vector<char*> pointers(const std::vector<std::string>& texts) {
        std::vector<char*> all;
        all.reserve(texts.size() + 1);
        for (const auto& text : texts)
            all.push_back(const_cast<char*>(text.c_str()));  // POSIX promises not to write there
        all.push_back(nullptr);
        return all;
    }
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

/// A started child: it and its process group are gone with this object.
class Child {
  public:
    explicit Child(pid_t pid) : pid_(pid), watch_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
    ~Child() { (void)reap(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Readable once it has ended; -1 where the kernel has no such thing.
    [[nodiscard]] int watch() const { return watch_.get(); }
    void signal(int number) const {
        if (pid_ > 0) (void)::kill(-pid_, number);
    }
    [[nodiscard]] bool ended() const {
        siginfo_t info{};
        return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
               info.si_pid == pid_;
    }
    /// Kills what is left of the group while the number is still its own, and takes the status.
    std::optional<int> reap() {
        if (pid_ <= 0) return std::nullopt;
        signal(SIGKILL);
        int status = 0;
        pid_t got = 0;
        do
            got = ::waitpid(pid_, &status, 0);
        while (got < 0 && errno == EINTR);
        pid_ = -1;
        return got < 0 ? std::nullopt : std::optional(status);
    }

  private:
    pid_t pid_;
    Descriptor watch_;
};

/// Reads what a child says, within its limits, until it has ended.
class Listening {
  public:
    Listening(const Command& command, const OutputSink& sink, Descriptor output, Descriptor errors)
        : command_(command), sink_(sink), output_(std::move(output)), errors_(std::move(errors)) {}

    [[nodiscard]] CommandEnd until_end(Child& child, Clock::time_point start) {
        const auto deadline = start + command_.limits.total;
        std::optional<Clock::time_point> killed_at;
        while (!child.ended()) {
            const auto now = Clock::now();
            if (!stopped_ && now >= deadline) stopped_ = CommandEnd::How::timed_out;
            if (stopped_ && !killed_at) {
                child.signal(SIGTERM);
                killed_at = now + command_.limits.grace;
            } else if (killed_at && now >= *killed_at) {
                break;  // reap() does the rest
            }
            wait(child, killed_at ? *killed_at : deadline);
        }
        const auto status = child.reap();
        // What it said before its end is in the pipes by now; others may still hold them open, and are not
        // waited for.
        while (take_output() || take_errors()) {
        }
        return finish(status, start);
    }

  private:
    void wait(const Child& child, Clock::time_point until) {
        std::array<pollfd, 4> sources{{{output_.get(), POLLIN, 0},
                                       {errors_.get(), POLLIN, 0},
                                       {child.watch(), POLLIN, 0},
                                       {stopped_ ? -1 : command_.limits.stop_fd, POLLIN, 0}}};
        auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        // Without a descriptor for the child, its end is looked for now and then.
        if (child.watch() < 0) left = std::min<decltype(left)>(left, 5);
        const auto longest = decltype(left){60'000};
        if (::poll(sources.data(), sources.size(),
                   static_cast<int>(std::clamp(left, decltype(left){0}, longest))) <= 0)
            return;
        if (sources[0].revents != 0) (void)take_output();
        if (sources[1].revents != 0) (void)take_errors();
        if (sources[3].revents != 0 && !stopped_) stopped_ = CommandEnd::How::timed_out;
    }

    /// One piece; nothing when there is none now. Closes the file at its end.
    std::string_view read(Descriptor& from) {
        if (!from.is_open()) return {};
        const auto size = ::read(from.get(), buffer_.data(), buffer_.size());
        if (size > 0) return {buffer_.data(), static_cast<std::size_t>(size)};
        if (size == 0 || (errno != EAGAIN && errno != EINTR)) from.reset();
        return {};
    }

    bool take_output() {
        const auto part = read(output_);
        if (part.empty()) return false;
        taken_ += part.size();
        if (taken_ > command_.limits.output) {
            if (!stopped_) stopped_ = CommandEnd::How::flooded;
            output_.reset();
        } else if (sink_) {
            sink_(part);
        } else {
            end_.output.append(part);
        }
        return true;
    }
    bool take_errors() {
        const auto part = read(errors_);
        end_.errors.append(part.substr(0, command_.limits.errors - end_.errors.size()));
        errors_taken_ += part.size();
        if (errors_taken_ > command_.limits.output + command_.limits.errors && !stopped_) {
            stopped_ = CommandEnd::How::flooded;
            errors_.reset();
        }
        return !part.empty();
    }

    CommandEnd finish(std::optional<int> status, Clock::time_point start) {
        end_.took = std::chrono::duration_cast<Duration>(Clock::now() - start);
        if (stopped_) {
            end_.how = *stopped_;
        } else if (status && WIFSIGNALED(*status)) {
            end_.how = CommandEnd::How::signalled;
            end_.code = WTERMSIG(*status);
        } else if (status) {
            end_.code = WEXITSTATUS(*status);
        } else {
            end_.how = CommandEnd::How::signalled;  // somebody else has taken its status: not known
        }
        return std::move(end_);
    }

    const Command& command_;
    const OutputSink& sink_;
    Descriptor output_;
    Descriptor errors_;
    std::array<char, piece> buffer_{};
    std::size_t taken_ = 0;
    std::size_t errors_taken_ = 0;
    std::optional<CommandEnd::How> stopped_;
    CommandEnd end_;
};

}  // namespace

Result<CommandEnd> LocalRunner::run(const Command& command, const OutputSink& output) {
    if (auto fine = check(command); !fine) return tl::unexpected(fine.error());
    auto input = input_file(command);
    if (!input) return tl::unexpected(input.error());
    auto out = make_pipe(command);
    if (!out) return tl::unexpected(out.error());
    auto err = make_pipe(command);
    if (!err) return tl::unexpected(err.error());

    const auto start = Clock::now();
    pid_t pid = -1;
    const SpawnPlan plan(input->get(), out->writer.get(), err->writer.get());
    if (const int error = plan.spawn(pid, command); error != 0) return failure(command, "cannot run", error);
    Child child(pid);
    out->writer.reset();
    err->writer.reset();
    return Listening(command, output, std::move(out->reader), std::move(err->reader)).until_end(child, start);
}

}  // namespace garita::runtime
