#include "adapters/sqlite/wal_sync.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "adapters/sqlite/failure.hpp"

namespace garita::sqlite {

LazyCommits::~LazyCommits() {
    try {
        db_.execute("PRAGMA synchronous = FULL");
    } catch (...) {  // only an open transaction refuses it, and there is none: it was ended before this
    }
}

WalSync::WalSync(const std::filesystem::path& file)
    : name_(file.string() + "-wal"), fd_(::open(name_.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0)
        throw Failure({ErrorCode::io, name_ + ": cannot be opened: " + std::strerror(errno) + "; start again",
                       Retry::no});
}

WalSync::~WalSync() {
    ::close(fd_);
}

void WalSync::sync() {
    const std::lock_guard lock(mutex_);
    if (!waiting_.exchange(false)) return;
    if (::fdatasync(fd_) == 0) return;
    waiting_ = true;
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT)
        throw Failure({ErrorCode::full, name_ + ": no room; free space on its disk", Retry::later});
    throw Failure({ErrorCode::io, name_ + ": cannot be synced: " + std::strerror(error), Retry::later});
}

}  // namespace garita::sqlite
