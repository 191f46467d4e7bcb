#include "adapters/journal/wake_up.hpp"

#include <array>
#include <cerrno>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <system_error>

namespace garita::journal {
namespace {

bool add(int epoll, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0 || errno == EEXIST;
}

}  // namespace

WakeUp::WakeUp(const std::vector<std::string>& programs) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll");
    if (programs.empty()) return;
    inotify_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (inotify_ < 0) return;
    for (const auto& program : programs)
        ::inotify_add_watch(inotify_, program.c_str(), IN_OPEN);  // the kernel opens what it executes
    add(epoll_, inotify_);
}

WakeUp::~WakeUp() {
    if (inotify_ >= 0) ::close(inotify_);
    ::close(epoll_);
}

void WakeUp::watch_journal(int fd) {
    // a closed descriptor has left the set by itself
    if (!add(epoll_, fd)) throw std::system_error(errno, std::generic_category(), "epoll on the journal");
}

bool WakeUp::take_program_start() {
    if (inotify_ < 0) return false;
    std::array<char, 4096> events;
    bool any = false;
    while (::read(inotify_, events.data(), events.size()) > 0)
        any = true;
    return any;
}

}  // namespace garita::journal
