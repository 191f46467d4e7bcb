#pragma once
// An open file descriptor with one owner.

#include <unistd.h>
#include <utility>

namespace garita::log_files {

class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    ~Descriptor() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    void reset() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fd_ = -1;
};

}  // namespace garita::log_files
