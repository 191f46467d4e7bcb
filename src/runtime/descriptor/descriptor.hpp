#pragma once
// An open file descriptor with one owner: closed when the owner ends.

#include <unistd.h>
#include <utility>

namespace garita::runtime {

class Descriptor {
  public:
    Descriptor() = default;
    /// Takes over what a system call gave, also its -1.
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() { reset(); }
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = other.release();
        }
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    /// Somebody else closes it from now on.
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }
    /// False: what was written did not all arrive, as on a full network file system.
    bool reset() { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

  private:
    int fd_ = -1;
};

}  // namespace garita::runtime
