#include "adapters/linux_host/process_handle.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <sys/syscall.h>

namespace garita::linux_host {

std::optional<ProcessHandle> ProcessHandle::open(const ProcFiles& proc, std::int32_t pid,
                                                 std::uint64_t start_ticks) {
    if (pid <= 1) return std::nullopt;
    const auto fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (fd < 0) return std::nullopt;
    // Held first, looked at second: what is looked at now is what is held, or is dead already.
    auto stat = proc.stat(pid);
    if (!stat || stat->start_ticks != start_ticks || stat->state == 'Z') {
        close(fd);
        return std::nullopt;
    }
    return ProcessHandle(fd, std::move(*stat));
}

ProcessHandle::~ProcessHandle() {
    if (fd_ >= 0) close(fd_);
}

ProcessHandle& ProcessHandle::operator=(ProcessHandle&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(stat_, other.stat_);
    return *this;
}

ProcessHandle::Sent ProcessHandle::signal(int number) const {
    if (syscall(SYS_pidfd_send_signal, fd_, number, nullptr, 0) == 0) return Sent::yes;
    return errno == ESRCH ? Sent::was_gone : Sent::refused;
}

bool ProcessHandle::ended_within(std::chrono::milliseconds limit) const {
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd waiting{fd_, POLLIN, 0};
        const int ready = poll(&waiting, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
        if (ready > 0) return true;
        if (ready == 0 || errno != EINTR) return false;
    }
}

}  // namespace garita::linux_host
