#pragma once
// What makes a reader of the journal look: journald's own notice, which comes up to half a second late, and
// programs whose start announces entries, such as sshd for each connection.

#include <string>
#include <vector>

namespace garita::journal {

class WakeUp {
  public:
    /// Files that cannot be watched are passed over: journald's notice comes anyway. Throws std::system_error
    /// when the kernel has no more descriptors.
    explicit WakeUp(const std::vector<std::string>& programs);
    WakeUp(const WakeUp&) = delete;
    WakeUp& operator=(const WakeUp&) = delete;
    ~WakeUp();

    /// Readable when there is a reason to look.
    [[nodiscard]] int fd() const { return epoll_; }
    /// Takes the journal's descriptor in place of the one before.
    void watch_journal(int fd);
    /// Whether a program was started since the last call.
    [[nodiscard]] bool take_program_start();

  private:
    int epoll_ = -1;
    int inotify_ = -1;
};

}  // namespace garita::journal
