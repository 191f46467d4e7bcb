#include "runtime/tls/private_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "runtime/descriptor/descriptor.hpp"

namespace garita::runtime::tls {
namespace {

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool write_aside(const std::string& aside, std::string_view text) {
    ::unlink(aside.c_str());
    Descriptor file(::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    return file.get() >= 0 && ::fchmod(file.get(), 0600) == 0 && write_all(file.get(), text) &&
           ::fsync(file.get()) == 0 && file.reset();
}

/// The new name must be on disk too, or a crash would bring the old file back after others relied on it.
bool sync_folder(const std::filesystem::path& of) {
    const auto folder = of.has_parent_path() ? of.parent_path() : std::filesystem::path(".");
    Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return directory.get() >= 0 && ::fsync(directory.get()) == 0;
}

}  // namespace

Result<void> write_private_file(const std::filesystem::path& path, std::string_view text) {
    const std::string aside = path.string() + ".new";
    if (write_aside(aside, text) && ::rename(aside.c_str(), path.c_str()) == 0 && sync_folder(path))
        return {};
    const std::string why = std::strerror(errno);
    ::unlink(aside.c_str());
    return fail(ErrorCode::io, "cannot write " + path.string() + ": " + why);
}

Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t max_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                    "cannot read " + path.string() + ": " + std::strerror(errno));
    std::string text(max_bytes + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(ErrorCode::io, "cannot read " + path.string() + ": " + std::strerror(errno));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > max_bytes)
        return fail(ErrorCode::full,
                    path.string() + " is larger than " + std::to_string(max_bytes) + " bytes");
    text.resize(size);
    return text;
}

}  // namespace garita::runtime::tls
