#include "adapters/log_files/inotify.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/inotify.h>
#include <system_error>

namespace garita::log_files {
namespace {

Inotify::Notice notice_of(std::uint32_t mask) {
    if ((mask & IN_Q_OVERFLOW) != 0) return Inotify::Notice::overflow;
    if ((mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0) return Inotify::Notice::gone;
    if ((mask & IN_MODIFY) != 0) return Inotify::Notice::written;
    return Inotify::Notice::name;
}

}  // namespace

Inotify::Inotify() : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    if (!fd_.is_open())
        throw std::system_error(errno, std::generic_category(),
                                "inotify: raise fs.inotify.max_user_instances (sysctl)");
}

int Inotify::watch_open_file(int file) const {
    const auto path = "/proc/self/fd/" + std::to_string(file);
    return ::inotify_add_watch(fd_.get(), path.c_str(), IN_MODIFY);
}

int Inotify::watch_directory(const std::string& path) const {
    return ::inotify_add_watch(fd_.get(), path.c_str(),
                               IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB |
                                   IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

void Inotify::remove(int watch) const {
    if (watch >= 0) ::inotify_rm_watch(fd_.get(), watch);
}

void Inotify::take(const Receiver& receiver) const {
    alignas(inotify_event) std::array<char, 16384> buffer;
    for (;;) {
        const auto size = ::read(fd_.get(), buffer.data(), buffer.size());
        if (size <= 0) return;
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* name = buffer.data() + at + sizeof event;
            receiver(event.wd, notice_of(event.mask), std::string_view(name, ::strnlen(name, event.len)));
            at += sizeof event + event.len;
        }
    }
}

}  // namespace garita::log_files
