#include "programs/ports/file_editor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <sys/stat.h>
#include <system_error>

#include "runtime/config/port_config.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::programs {
namespace {

Result<void> failed(const std::string& what) {
    return fail(ErrorCode::io, what + ": " + std::generic_category().message(errno));
}

Result<void> write_all(int fd, std::string_view text, const std::string& name) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return failed(name + " cannot be written");
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

void sync_folder(const std::string& file) {
    const auto folder = file.substr(0, file.rfind('/') + 1);
    const runtime::Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.is_open()) (void)::fsync(opened.get());
}

Result<void> replace(const std::string& file, const std::string& text) {
    struct stat before {};
    if (::lstat(file.c_str(), &before) != 0) return failed(file + " cannot be looked at");
    if (!S_ISREG(before.st_mode)) return fail(ErrorCode::conflict, file + " is a link, or no plain file");
    if (::access(file.c_str(), W_OK) != 0) return failed("the hub may not write " + file);
    const auto fresh = file + ".garita-new";
    ::unlink(fresh.c_str());
    const runtime::Descriptor opened(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, before.st_mode & 07777));
    if (!opened.is_open()) return failed("no file can be made beside " + file);
    auto done = write_all(opened.get(), text, fresh);
    struct stat made {};
    const bool same_owner = ::fstat(opened.get(), &made) == 0 &&
                            ((made.st_uid == before.st_uid && made.st_gid == before.st_gid) ||
                             ::fchown(opened.get(), before.st_uid, before.st_gid) == 0);
    if (done && !same_owner) done = fail(ErrorCode::forbidden, file + " belongs to another user");
    if (done && ::fchmod(opened.get(), before.st_mode & 07777) != 0) done = failed(fresh + " keeps its mode");
    if (done && ::fsync(opened.get()) != 0) done = failed(fresh + " cannot be synced");
    if (done && ::rename(fresh.c_str(), file.c_str()) != 0) done = failed(file + " cannot be replaced");
    if (!done) ::unlink(fresh.c_str());
    if (done) sync_folder(file);
    return done;
}

}  // namespace

Result<std::string> FileEditor::write(const scan::Subject& subject, const SpecificationChange& change) {
    const auto& place = subject.wanted->place;
    const auto known = files_.find(place.file);
    if (known == files_.end())
        return fail(ErrorCode::conflict,
                    subject.host + " is written in " + place.file + ", which is not of ports.specification");
    std::ifstream stream(place.file, std::ios::binary);
    const std::string now(std::istreambuf_iterator<char>(stream), {});
    auto changed =
        runtime::with_change(now, subject.network.empty() ? subject.host : subject.network, change);
    if (changed && *changed == now) return place.text();  // it was done before
    if (now != known->second)
        return fail(ErrorCode::conflict, place.file + " has been changed since it was read: reload the hub");
    if (!changed) return fail(changed.error().code, place.file + ": " + changed.error().text);
    if (const auto done = replace(place.file, *changed); !done) return tl::unexpected(done.error());
    known->second = std::move(*changed);
    return place.text();
}

}  // namespace garita::programs
