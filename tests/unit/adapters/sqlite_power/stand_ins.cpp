// The C library's calls by which files change, as the database library and the stores make them.

#include <dlfcn.h>
#include <mutex>
#include <string>
#include <unistd.h>

#include "unit/adapters/sqlite_power/losing_disk.hpp"

namespace {

using garita::testing_support::LosingDisk;

template <typename Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// Runs `call` at once where the file is not the disk's; else alone, with `note` of what it did.
template <typename Call, typename Note>
auto through_disk(int fd, Call call, Note note) {
    auto* const disk = LosingDisk::in_force();
    const auto name = disk == nullptr ? std::string() : disk->name_of(fd);
    if (name.empty()) return call();
    const std::lock_guard lock(disk->mutex());
    disk->observe(name);
    const auto result = call();
    if (result >= 0) note(*disk, name, result);
    return result;
}

int sync_file(int fd) {
    // nothing here outlives the test: what counts is what the disk has been told
    return through_disk(
        fd, [] { return 0; }, [](LosingDisk& disk, const std::string& name, int) { disk.synced(name); });
}

}  // namespace

extern "C" {

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
    static const auto next = real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    return through_disk(
        fd, [&] { return next(fd, data, size, offset); },
        [&](LosingDisk& disk, const std::string& name, ssize_t written) {
            disk.written(name, static_cast<std::uint64_t>(offset),
                         {static_cast<const char*>(data), static_cast<std::size_t>(written)});
        });
}
int ftruncate64(int fd, off64_t size) {
    static const auto next = real<int (*)(int, off64_t)>("ftruncate64");
    return through_disk(
        fd, [&] { return next(fd, size); },
        [&](LosingDisk& disk, const std::string& name, int) {
            disk.truncated(name, static_cast<std::uint64_t>(size));
        });
}
int fdatasync(int fd) {
    return sync_file(fd);
}
int fsync(int fd) {
    return sync_file(fd);
}
int rename(const char* from, const char* to) {
    static const auto next = real<int (*)(const char*, const char*)>("rename");
    auto* const disk = LosingDisk::in_force();
    const auto before = disk == nullptr ? std::string() : disk->name_of(std::string(from));
    if (before.empty()) return next(from, to);
    const std::lock_guard lock(disk->mutex());
    disk->observe(before);
    disk->renamed(before, disk->name_of(std::string(to)));
    return next(from, to);
}
int unlink(const char* path) {
    static const auto next = real<int (*)(const char*)>("unlink");
    auto* const disk = LosingDisk::in_force();
    const auto name = disk == nullptr ? std::string() : disk->name_of(std::string(path));
    if (name.empty()) return next(path);
    const std::lock_guard lock(disk->mutex());
    disk->observe(name);
    disk->removed(name);
    return next(path);
}
}
