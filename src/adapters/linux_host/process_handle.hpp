#pragma once
// A process that is held, so that a signal can reach it and no later process with its id.

#include <chrono>
#include <cstdint>
#include <optional>
#include <signal.h>

#include "adapters/linux_host/proc_files.hpp"

namespace garita::linux_host {

class ProcessHandle {
  public:
    /// Nothing when there is no such process, or another one that started at another time.
    [[nodiscard]] static std::optional<ProcessHandle> open(const ProcFiles& proc, std::int32_t pid,
                                                           std::uint64_t start_ticks);
    ~ProcessHandle();
    ProcessHandle(ProcessHandle&& other) noexcept : fd_(other.fd_), stat_(std::move(other.stat_)) {
        other.fd_ = -1;
    }
    ProcessHandle& operator=(ProcessHandle&& other) noexcept;
    ProcessHandle(const ProcessHandle&) = delete;
    ProcessHandle& operator=(const ProcessHandle&) = delete;

    [[nodiscard]] const ProcessStat& stat() const { return stat_; }
    enum class Sent { yes, was_gone, refused };
    Sent signal(int number) const;
    /// True when it has ended, at the latest after this time.
    [[nodiscard]] bool ended_within(std::chrono::milliseconds limit) const;

  private:
    ProcessHandle(int fd, ProcessStat stat) : fd_(fd), stat_(std::move(stat)) {}
    int fd_ = -1;
    ProcessStat stat_;
};

}  // namespace garita::linux_host
