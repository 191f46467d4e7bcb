#pragma once
// Counts each failed login once, although sshd and PAM write several lines about it.

#include <array>
#include <cstdint>

#include "detect/sshd_line.hpp"

namespace garita::detect {

/// Remembers of the last few thousand sshd processes what was counted for them. Two processes that share a
/// place forget each other, which can only make a failure count twice.
class SshdAttempts {
  public:
    /// How many failed logins the line stands for: 0 for one that was counted already, or for an offer.
    [[nodiscard]] std::uint32_t count(std::uint32_t pid, const SshdFailure& failure);

  private:
    struct Process {
        std::uint32_t pid = 0;
        bool counted = false;    // something of this connection was counted
        bool announced = false;  // the next "Failed …" is about what was counted last
    };
    std::array<Process, 4096> processes_{};
};

}  // namespace garita::detect
