// A power cut at a chosen moment. Loaded before a program (LD_PRELOAD), it counts the calls by which anything
// leaves the program: writes to files, syncs, sends, signals. At call number CRASH_POINT the program dies as
// by `kill -9`: with an odd number just before the call, with an even one just after. Without a number it
// only counts; the count of a program that lived stands in the file CRASH_POINT_COUNT when it exits in order.

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>

namespace {

std::atomic<long> calls{0};

long chosen() {
    static const long number = [] {
        const char* const text = std::getenv("CRASH_POINT");
        return text == nullptr ? 0L : std::strtol(text, nullptr, 10);
    }();
    return number;
}

template <typename Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

[[noreturn]] void die() {
    raise(SIGKILL);
    std::abort();
}

/// Two points per call: before it and after it.
template <typename Call>
auto counted(Call call) {
    const long before = calls.fetch_add(2) + 1;
    if (before == chosen()) die();
    const auto result = call();
    if (before + 1 == chosen()) die();
    return result;
}

__attribute__((destructor)) void tell() {
    const char* const file = std::getenv("CRASH_POINT_COUNT");
    if (file == nullptr) return;
    if (std::FILE* const out = std::fopen(file, "w")) {
        std::fprintf(out, "%ld\n", calls.load());
        std::fclose(out);
    }
}

}  // namespace

extern "C" {

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
    static const auto next = real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    return counted([&] { return next(fd, data, size, offset); });
}
int fdatasync(int fd) {
    static const auto next = real<int (*)(int)>("fdatasync");
    return counted([&] { return next(fd); });
}
int fsync(int fd) {
    static const auto next = real<int (*)(int)>("fsync");
    return counted([&] { return next(fd); });
}
int ftruncate64(int fd, off64_t size) {
    static const auto next = real<int (*)(int, off64_t)>("ftruncate64");
    return counted([&] { return next(fd, size); });
}
int rename(const char* from, const char* to) {
    static const auto next = real<int (*)(const char*, const char*)>("rename");
    return counted([&] { return next(from, to); });
}
ssize_t sendto(int fd, const void* data, size_t size, int flags, const sockaddr* to, socklen_t length) {
    static const auto next =
        real<ssize_t (*)(int, const void*, size_t, int, const sockaddr*, socklen_t)>("sendto");
    return counted([&] { return next(fd, data, size, flags, to, length); });
}
ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    static const auto next = real<ssize_t (*)(int, const msghdr*, int)>("sendmsg");
    return counted([&] { return next(fd, message, flags); });
}
ssize_t send(int fd, const void* data, size_t size, int flags) {
    static const auto next = real<ssize_t (*)(int, const void*, size_t, int)>("send");
    return counted([&] { return next(fd, data, size, flags); });
}
/// Only sockets: lines of the log are not what a program is killed between.
ssize_t write(int fd, const void* data, size_t size) {
    static const auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
    struct stat status {};
    if (fstat(fd, &status) != 0 || !S_ISSOCK(status.st_mode)) return next(fd, data, size);
    return counted([&] { return next(fd, data, size); });
}
}
