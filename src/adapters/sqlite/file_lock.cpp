#include "adapters/sqlite/file_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <sys/file.h>

#include "adapters/sqlite/failure.hpp"

namespace garita::sqlite {

FileLock::FileLock(const std::filesystem::path& file)
    : fd_(::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ < 0)
        throw Failure({ErrorCode::io,
                       file.string() + ": its lock file cannot be opened: " + std::strerror(errno) +
                           "; the directory must exist and be writable by Garita",
                       Retry::no});
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(fd_);
    throw Failure(
        {ErrorCode::unavailable,
         file.string() + ": another Garita is using this store; stop it first, or name another file",
         Retry::later});
}

FileLock::~FileLock() {
    ::close(fd_);
}

}  // namespace garita::sqlite
