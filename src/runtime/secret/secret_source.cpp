#include "runtime/secret/secret_source.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <unistd.h>

#include <sys/stat.h>
#include <system_error>

#include "runtime/descriptor/descriptor.hpp"

namespace garita::runtime {

namespace {

constexpr std::size_t longest_secret = 65536;

std::string reason() {
    return std::generic_category().message(errno);
}

/// What is wrong with reading a secret from such a file, if anything.
std::optional<Error> objection(const struct stat& status, const std::string& path) {
    if (!S_ISREG(status.st_mode))
        return Error{ErrorCode::invalid, "secret file " + path + " is not a regular file", Retry::no};
    if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0)
        return Error{ErrorCode::invalid,
                     "secret file " + path + " may be read or written by everybody: chmod o= " + path,
                     Retry::no};
    if (status.st_size > static_cast<off_t>(longest_secret))
        return Error{ErrorCode::invalid, "secret file " + path + " is larger than 64 KiB: not a secret",
                     Retry::no};
    return std::nullopt;
}

Result<std::string> read_all(int fd, const std::string& path) {
    std::string text;
    text.reserve(longest_secret + 1);  // no growth, so no copies of the secret are left behind
    std::array<char, 4096> buffer{};
    while (text.size() <= longest_secret) {
        const ssize_t count = ::read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(ErrorCode::io, "secret file " + path + " cannot be read: " + reason());
        if (count == 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    ::explicit_bzero(buffer.data(), buffer.size());
    return text;
}

Result<Secret> read_file(const std::string& path) {
    // The check and the reading are on one open file: the name may be changed under us in between.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0)
        return fail(errno == EACCES ? ErrorCode::forbidden : ErrorCode::io,
                    "secret file " + path + " cannot be opened: " + reason());
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        return fail(ErrorCode::io, "secret file " + path + " cannot be examined: " + reason());
    if (auto wrong = objection(status, path)) return tl::unexpected(std::move(*wrong));
    auto text = read_all(file.get(), path);
    if (!text) return tl::unexpected(std::move(text.error()));
    if (text->size() > longest_secret) {
        wipe(*text);
        return fail(ErrorCode::invalid, "secret file " + path + " is larger than 64 KiB: not a secret");
    }
    if (text->ends_with('\n')) text->pop_back();
    if (text->ends_with('\r')) text->pop_back();
    if (text->empty()) return fail(ErrorCode::invalid, "secret file " + path + " is empty");
    return Secret(std::move(*text));
}

Result<Secret> read_variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0')
        return fail(ErrorCode::not_found,
                    "environment variable " + name + " is not set: it should hold the secret");
    return Secret(std::string(value));
}

Result<Secret> read_credential(const std::string& name) {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (directory == nullptr || *directory == '\0')
        return fail(ErrorCode::not_found,
                    "credential " + name + " is not there: the unit needs LoadCredential=" + name + ":PATH");
    return read_file(std::string(directory) + '/' + name);
}

}  // namespace

Result<Secret> fetch_secret(const SecretSource& source) {
    switch (source.place) {
        case SecretSource::Place::inlined:
            return source.value;
        case SecretSource::Place::file:
            return read_file(source.name);
        case SecretSource::Place::variable:
            return read_variable(source.name);
        case SecretSource::Place::credential:
            return read_credential(source.name);
    }
    return fail(ErrorCode::invalid, "unknown place of a secret");
}

std::string describe(const SecretSource& source) {
    switch (source.place) {
        case SecretSource::Place::inlined:
            return "written in the configuration";
        case SecretSource::Place::file:
            return "file " + source.name;
        case SecretSource::Place::variable:
            return "environment variable " + source.name;
        case SecretSource::Place::credential:
            return "credential " + source.name;
    }
    return "unknown place";
}

}  // namespace garita::runtime
