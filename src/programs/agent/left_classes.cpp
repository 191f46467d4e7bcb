#include "programs/agent/left_classes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <thread>
#include <unistd.h>

#include <sys/stat.h>

#include "runtime/clock/clock.hpp"

namespace garita::programs {
namespace {

constexpr std::size_t largest_memory = 4 << 20U;

tl::unexpected<Error> cannot(const std::string& what, const std::filesystem::path& path) {
    return fail(ErrorCode::io, "cannot " + what + " " + path.string() + ": " + std::strerror(errno));
}

std::filesystem::path folder_of(const runtime::AgentConfig& config) {
    return config.state.string() + "-kept";
}

/// Nobody else may have written what is carried out here with privileges.
Result<void> make_own_folder(const std::filesystem::path& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make", folder);
    struct stat info {};
    if (::lstat(folder.c_str(), &info) != 0) return cannot("look at", folder);
    if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid() || (info.st_mode & 022) != 0)
        return fail(ErrorCode::forbidden,
                    folder.string() + " has to be a folder that only who starts the agent can write");
    return {};
}

Result<std::string> read_file(const std::filesystem::path& file) {
    const runtime::Descriptor held(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!held.is_open() && errno == ENOENT) return std::string();
    if (!held.is_open()) return cannot("open", file);
    std::string text(largest_memory, '\0');
    std::size_t size = 0;
    for (;;) {
        const auto got = ::read(held.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannot("read", file);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

Result<void> write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const auto put = ::write(file, text.data(), text.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return fail(ErrorCode::io, std::string("cannot write: ") + std::strerror(errno));
        text.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

/// Whole, or as it was. What it returns is to be added to.
Result<runtime::Descriptor> replace_file(const std::filesystem::path& file, const std::string& text) {
    const auto beside = file.string() + ".new";
    (void)::unlink(beside.c_str());
    runtime::Descriptor made(
        ::open(beside.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!made.is_open()) return cannot("make", beside);
    if (auto written = write_all(made.get(), text); !written) return tl::unexpected(written.error());
    if (::fsync(made.get()) != 0 || ::rename(beside.c_str(), file.c_str()) != 0) return cannot("write", file);
    return made;
}

Result<KeptMemory> remembered(const runtime::AgentConfig& config, Time now) {
    const auto folder = folder_of(config);
    if (config.rules.empty() && ::access(folder.c_str(), F_OK) != 0) return KeptMemory{};
    if (auto own = make_own_folder(folder); !own) return tl::unexpected(own.error());
    const auto text = read_file(folder / "rules");
    if (!text) return tl::unexpected(text.error());
    runtime::DeviceConfig host;
    host.name = config.name;
    host.rules = config.rules;
    auto memory = KeptMemory::read(*text, {host}, now);
    std::erase_if(memory.left, [&](const LeftClass& one) { return now >= one.since + left_given_up_after; });
    return memory;
}

/// Until none is left, or this part of the agent ends.
void remove_all(std::vector<LeftClass> left, int memory, const runtime::Log& log,
                const BackendTraces& traces) {
    while (!left.empty()) {
        const Time now = runtime::system_now();
        const auto due = next_due(left, now);
        if (due == left.end()) {
            std::this_thread::sleep_for(std::chrono::seconds(1));
            continue;
        }
        const auto removed = remove_left(*due, traces);
        if (!removed) {
            if (due->attempts == 0)
                log.warning("left behind on this host",
                            {{"what", due->what()}, {"why", removed.error().text}});
            due->failed(now);
            if (now < due->since + left_given_up_after) continue;
        } else {
            log.info("removed from this host", {{"what", due->what()}});
            (void)write_all(memory, removed_line(*due));
        }
        left.erase(due);
    }
}

}  // namespace

LeftClasses LeftClasses::open(const runtime::AgentConfig& config, Time now, const runtime::Log& log) {
    LeftClasses made;
    auto memory = remembered(config, now);
    if (memory && memory->kept.empty() && memory->left.empty() && memory->unreadable.empty() &&
        config.rules.empty())
        return made;
    Result<runtime::Descriptor> file =
        memory ? replace_file(folder_of(config) / "rules", memory->text()) : tl::unexpected(memory.error());
    if (!file) {
        log.warning(
            "what rules leave behind on this host, once its file does not name them any more, is not removed",
            {{"why", file.error().text}});
        return made;
    }
    for (const auto& what : memory->unreadable)
        log.warning("what was kept cannot be read any more, and is not removed", {{"what", what}});
    for (const auto& what : memory->newly_left)
        log.info("no longer in this host's file: they will be removed", {{"what", what}});
    made.left_ = std::move(memory->left);
    *made.memory_ = std::move(*file);
    return made;
}

std::vector<LeftClass> LeftClasses::of(By by) const {
    std::vector<LeftClass> some;
    std::copy_if(left_.begin(), left_.end(), std::back_inserter(some),
                 [&](const LeftClass& one) { return needs_programs(one.rules()) == (by == By::programs); });
    return some;
}

void LeftClasses::begin_removal(By by, const runtime::Log& log, BackendTraces traces) const {
    auto some = of(by);
    if (some.empty()) return;
    std::thread([some = std::move(some), memory = memory_, log, traces = std::move(traces)] {
        remove_all(some, memory->get(), log, traces);
    }).detach();
}

}  // namespace garita::programs
