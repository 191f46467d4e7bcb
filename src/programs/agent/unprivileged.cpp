#include "programs/agent/unprivileged.hpp"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include <sys/stat.h>

#include "runtime/confinement/system_calls.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::programs {
namespace {

constexpr const char* usual_account = "garita-agent";
constexpr int deepest = 4;

struct DirCloser {
    void operator()(DIR* directory) const { closedir(directory); }
};

/// Whoever owned the folder may have put anything there: only what is held is changed, never what a name may
/// mean.
bool hand_over(int fd, uid_t user, gid_t group) {
    struct stat info {};
    if (fstat(fd, &info) != 0) return false;
    if (info.st_uid == user) return true;
    if (info.st_uid != 0 && user != 0) return true;
    const bool one_name = S_ISDIR(info.st_mode) || (S_ISREG(info.st_mode) && info.st_nlink == 1);
    return !one_name || fchown(fd, user, group) == 0;
}

bool hand_over_all(int folder, uid_t user, gid_t group, int depth) {
    if (!hand_over(folder, user, group)) return false;
    const std::unique_ptr<DIR, DirCloser> list(fdopendir(dup(folder)));
    if (!list) return false;
    bool fine = true;
    while (const dirent* entry = readdir(list.get())) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        // nonblocking: a pipe that somebody left there must not hold up the start
        const runtime::Descriptor held(
            openat(folder, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        struct stat info {};
        if (held.get() < 0 || fstat(held.get(), &info) != 0) continue;
        if (S_ISDIR(info.st_mode) && depth < deepest)
            fine = hand_over_all(held.get(), user, group, depth + 1) && fine;
        else
            fine = hand_over(held.get(), user, group) && fine;
    }
    return fine;
}

tl::unexpected<Error> cannot(const std::string& what, const std::filesystem::path& folder) {
    return fail(ErrorCode::io,
                "agent.state: cannot " + what + " " + folder.string() + ": " + std::strerror(errno));
}

}  // namespace

Result<std::optional<runtime::Account>> account_for(const runtime::AgentConfig& config) {
    if (geteuid() != 0) return std::optional<runtime::Account>{};
    auto account = runtime::find_account(config.user.empty() ? usual_account : config.user);
    if (!account && !config.user.empty())
        return fail(ErrorCode::not_found, "agent.user: there is no account " + config.user +
                                              " on this host; make it, or name another");
    if (account && account->user != 0) return account;
    return std::optional<runtime::Account>{};
}

Result<void> prepare_state(const std::filesystem::path& folder,
                           const std::optional<runtime::Account>& owner) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        errno = error.value();
        return cannot("make", folder);
    }
    const runtime::Descriptor held(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (held.get() < 0) return cannot("open", folder);
    (void)fchmod(held.get(), 0700);
    if (geteuid() != 0) return {};
    const uid_t user = owner ? owner->user : 0;
    const gid_t group = owner ? owner->group : 0;
    if (!hand_over_all(held.get(), user, group, 0)) return cannot("give to its owner all of", folder);
    return {};
}

Result<void> give_up_privileges(const std::optional<runtime::Account>& account, const runtime::Log& log) {
    const auto given_up = account ? runtime::become(*account, {"adm", "systemd-journal"})
                                  : runtime::keep_only({runtime::Capability::dac_read_search});
    if (!given_up) return given_up;
    const auto filter = runtime::forbid_what_watching_never_needs();
    if (!filter)
        log.warning("runs without its filter of system calls: " + filter.error().text);
    else if (*filter == runtime::Filter::left_out)
        log.info("runs without filters of system calls: built with a sanitizer");
    return {};
}

}  // namespace garita::programs
