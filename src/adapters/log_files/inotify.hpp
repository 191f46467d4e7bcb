#pragma once
// The kernel's notices about files, as far as a follower needs them.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "runtime/descriptor/descriptor.hpp"

namespace garita::log_files {

class Inotify {
  public:
    enum class Notice {
        written,   ///< a watched file has changed
        name,      ///< a name in a watched directory came, went or changed its rights
        gone,      ///< the watch itself has ended
        overflow,  ///< notices were dropped: anything may have changed
    };
    using Receiver = std::function<void(int watch, Notice, std::string_view name)>;

    /// Throws std::system_error when the kernel has no more instances for this user.
    Inotify();

    [[nodiscard]] int fd() const { return fd_.get(); }
    /// The very file that is open, whatever its name is by now. -1: not possible.
    [[nodiscard]] int watch_open_file(int file) const;
    [[nodiscard]] int watch_directory(const std::string& path) const;
    void remove(int watch) const;
    /// Hands over all notices that wait.
    void take(const Receiver& receiver) const;

  private:
    runtime::Descriptor fd_;
};

}  // namespace garita::log_files
