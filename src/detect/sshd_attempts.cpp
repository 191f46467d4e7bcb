#include "detect/sshd_attempts.hpp"

#include <utility>

namespace garita::detect {

std::uint32_t SshdAttempts::count(std::uint32_t pid, const SshdFailure& failure) {
    if (failure.kind == SshdFailureKind::offer) return 0;
    if (pid == 0) return failure.kind == SshdFailureKind::summary ? 0 : failure.repeats;
    auto& process = processes_[pid % processes_.size()];
    if (process.pid != pid) process = {pid, false, false};
    const bool counted = std::exchange(process.counted, true);
    switch (failure.kind) {
        case SshdFailureKind::attempt:
            return std::exchange(process.announced, false) ? failure.repeats - 1 : failure.repeats;
        case SshdFailureKind::announced:
            return std::exchange(process.announced, true) ? 0 : failure.repeats;
        case SshdFailureKind::summary:
            process = {};
            return counted ? 0 : 1;  // the connection is over
        case SshdFailureKind::offer:
            break;
    }
    return 0;
}

}  // namespace garita::detect
