#include "adapters/log_files/log_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>

#include <sys/stat.h>
#include <system_error>

#include "adapters/log_files/file_names.hpp"

namespace garita::log_files {
namespace {

constexpr std::size_t buffer_size = 256 * 1024;
constexpr std::size_t portion = 1024 * 1024;
constexpr std::size_t closed_kept = 64;

std::string why(int error) {
    return std::generic_category().message(error);
}

std::optional<FileIdentity> identity_of(int fd) {
    struct stat info {};
    if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
    return FileIdentity{info.st_dev, info.st_ino};
}

}  // namespace

LogFiles::LogFiles(LogFilesSettings settings, const std::optional<std::string>& checkpoint, Time now)
    : settings_(std::move(settings)), buffer_(buffer_size) {
    const auto before = checkpoint ? parse_checkpoint(*checkpoint) : std::nullopt;
    if (checkpoint && !before) ++counters_.gaps;
    const auto known = [&](const std::string& pattern) {
        return before &&
               std::find(before->patterns.begin(), before->patterns.end(), pattern) != before->patterns.end();
    };
    if (before) hear_again(before->heard);
    watch_directories();  // before looking, so that nothing comes in between unseen
    for (const auto& pattern : settings_.patterns) {
        for (const auto& path : paths_of(pattern)) {
            auto& entry = followed_under(path, pattern);
            if (!entry.second.files.empty()) continue;
            std::vector<FilePlace> places;
            if (before)
                std::copy_if(before->places.begin(), before->places.end(), std::back_inserter(places),
                             [&](const FilePlace& place) { return place.path == path; });
            if (!places.empty())
                restore(entry, places, now);
            else
                look_at(entry, known(pattern) ? TailFile::Start::at_start : settings_.first_start, now);
        }
    }
    scanned_at_ = now;
}

TailFile* LogFiles::add(Followed& followed, const std::string& path, const std::string& opened_as,
                        std::list<TailFile>::iterator before) {
    auto file = open_log(opened_as);
    if (!file.is_open()) {
        if (errno != ENOENT)
            followed.trouble = opened_as + " cannot be opened: " + why(errno) +
                               "; let Garita's user read it (or run the agent as root)";
        return nullptr;
    }
    const auto identity = identity_of(file.get());
    if (!identity) {
        followed.trouble = opened_as + " is not a regular file; name the file that the lines end up in";
        return nullptr;
    }
    if (starts_compressed(file.get())) {
        followed.trouble = opened_as + " is compressed; name the log that is being written";
        return nullptr;
    }
    if (is_open(*identity)) return nullptr;  // under another name: its lines count once
    followed.trouble.clear();
    if (followed.files.empty()) followed.known_forms = rotated_forms(path);
    auto& added = *followed.files.emplace(before, std::move(file), *identity, path, settings_.line_limit);
    added.watch = inotify_.watch_open_file(added.fd());
    if (added.watch >= 0) watched_files_[added.watch] = &added;
    return &added;
}

void LogFiles::look_at(Entry& entry, TailFile::Start start, Time now) {
    auto& [path, followed] = entry;
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        followed.trouble = errno == ENOENT ? "" : path + " cannot be looked at: " + why(errno);
        return;
    }
    auto& files = followed.files;
    for (auto& file : files)
        file.dirty = true;
    const FileIdentity identity{info.st_dev, info.st_ino};
    if (is_open(identity)) return followed.trouble.clear();
    const bool successor = !files.empty();
    auto* added = add(followed, path, path, files.end());
    if (added == nullptr) return;
    if (successor) {
        ++counters_.rotations;
        take_over_missed(entry, std::prev(files.end()), now);
    }
    const auto closed = std::find_if(closed_.begin(), closed_.end(), [&](const FilePlace& place) {
        return place.identity == identity && holds(added->fd(), place);
    });
    if (closed != closed_.end())
        added->begin_at(closed->offset, now);
    else
        added->begin(start, now);
}

void LogFiles::take_notices() {
    inotify_.take([&](int watch, Inotify::Notice notice, std::string_view) {
        if (notice == Inotify::Notice::written) {
            if (const auto found = watched_files_.find(watch); found != watched_files_.end())
                found->second->dirty = true;
        } else if (notice == Inotify::Notice::gone) {
            std::erase_if(watched_directories_, [&](const auto& entry) { return entry.second == watch; });
            scan_due_ = true;
        } else {
            scan_due_ = true;
        }
    });
}

void LogFiles::watch_directories() {
    std::set<std::string> wanted;
    const auto want = [&](const std::string& path) { wanted.insert(existing_directory(directory_of(path))); };
    for (const auto& pattern : settings_.patterns)
        want(pattern);
    for (const auto& [path, followed] : followed_)
        want(path);
    for (const auto& directory : wanted)
        watched_directories_[directory] = inotify_.watch_directory(directory);  // the same again is no harm
    std::erase_if(watched_directories_, [&](const auto& entry) {
        if (wanted.contains(entry.first)) return false;
        inotify_.remove(entry.second);
        return true;
    });
}

void LogFiles::scan(Time now) {
    watch_directories();
    for (const auto& pattern : settings_.patterns)
        for (const auto& path : paths_of(pattern))
            look_at(followed_under(path, pattern), TailFile::Start::at_start, now);
    scan_due_ = false;
    scanned_at_ = now;
}

Result<Duration> LogFiles::read(Time now, detect::LineReceiver& receiver) {
    take_notices();
    if (scan_due_ || now < scanned_at_ || now - scanned_at_ >= scan_interval()) scan(now);
    bool more = false;
    for (auto& entry : followed_) {
        more |= read_files(entry, now, receiver);
        close_old(entry, now);
    }
    std::erase_if(followed_, [&](const Entry& entry) {
        return entry.second.files.empty() && entry.second.trouble.empty() &&
               std::find(settings_.patterns.begin(), settings_.patterns.end(), entry.first) ==
                   settings_.patterns.end();
    });
    return more ? Duration::zero() : until_next(now);
}

bool LogFiles::read_files(Entry& entry, Time now, detect::LineReceiver& receiver) {
    auto& files = entry.second.files;
    // the older file first, so that lines come in the order they were written
    for (auto file = files.begin(); file != files.end();) {
        const auto current = file++;
        if (current->dirty) {
            const auto lines = counters_.lines;
            const auto outcome = current->read(now, buffer_, portion, receiver, counters_);
            if (counters_.lines != lines)
                for (const auto& pattern : entry.second.patterns)
                    heard_[pattern].heard(now);
            current->dirty = false;
            if (!outcome) {
                entry.second.trouble = outcome.error().text;
            } else if (*outcome == TailFile::Outcome::more) {
                return current->dirty = true;
            } else if (*outcome == TailFile::Outcome::emptied) {
                if (file == files.end()) {
                    take_over_copy(entry, current, now);
                    return true;
                }
                close(entry.second,
                      current);  // a rotated form that now holds something else: no log of its own
                continue;
            }
        }
        current->flush_older_than(now - settings_.unfinished_line_after, receiver, counters_);
    }
    return false;
}

void LogFiles::close_old(Entry& entry, Time now) {
    auto& files = entry.second.files;
    for (auto file = files.begin(); file != files.end();) {
        const bool quiet = !file->dirty && now - file->last_growth() >= settings_.close_old_after;
        const bool done = quiet && (file != std::prev(files.end()) || !file->has_a_name());
        const auto next = std::next(file);
        if (done) {
            if (closed_.size() == closed_kept) closed_.erase(closed_.begin());
            closed_.push_back(file->place(entry.first));
            close(entry.second, file);
        }
        file = next;
    }
}

void LogFiles::close(Followed& followed, std::list<TailFile>::iterator file) {
    inotify_.remove(file->watch);
    watched_files_.erase(file->watch);
    followed.files.erase(file);
}

}  // namespace garita::log_files
