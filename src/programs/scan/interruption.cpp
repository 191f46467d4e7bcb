#include "programs/scan/interruption.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/signalfd.h>

namespace garita::programs {

Interruption::Interruption() {
    sigset_t taken;
    sigemptyset(&taken);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&taken, signal);
    pthread_sigmask(SIG_BLOCK, &taken, &before_);
    signals_ = runtime::Descriptor(signalfd(-1, &taken, SFD_CLOEXEC));
    end_ = runtime::Descriptor(eventfd(0, EFD_CLOEXEC));
    if (!signals_.is_open() || !end_.is_open()) throw std::runtime_error("cannot listen for signals");
    listener_ = std::thread([this] { listen(); });
}

Interruption::~Interruption() {
    const std::uint64_t one = 1;
    if (write(end_.get(), &one, sizeof one) != sizeof one) std::abort();  // an eventfd always has room for it
    listener_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interruption::listen() {
    while (true) {
        std::array<pollfd, 2> sources{{{signals_.get(), POLLIN, 0}, {end_.get(), POLLIN, 0}}};
        if (poll(sources.data(), sources.size(), -1) < 0) continue;
        if (sources[1].revents != 0) return;
        signalfd_siginfo signal{};
        if (read(signals_.get(), &signal, sizeof signal) != sizeof signal) continue;
        if (source_.stop_requested()) std::_Exit(128 + static_cast<int>(signal.ssi_signo));
        source_.request_stop();
    }
}

}  // namespace garita::programs
