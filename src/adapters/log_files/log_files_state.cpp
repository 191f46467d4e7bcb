// What LogFiles knows about itself, and how it finds its files again after a restart.

#include <algorithm>
#include <fcntl.h>

#include <sys/stat.h>

#include "adapters/log_files/file_names.hpp"
#include "adapters/log_files/log_files.hpp"

namespace garita::log_files {
namespace {

/// Notices make reading prompt; looking at all names now and then makes it right where none come (symbolic
/// links into other directories, network file systems, directories above a missing one).
constexpr Duration calm_scan_interval = std::chrono::seconds(30);
constexpr Duration trouble_scan_interval = std::chrono::seconds(5);

bool file_holds(const std::string& path, const FilePlace& place) {
    const runtime::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    return file.is_open() && holds(file.get(), place);
}

/// The name under which the file of this place lies now: its own, a rotated form of it, or a copy's.
std::optional<std::string> find_again(const std::string& path, const FilePlace& place) {
    auto candidates = rotated_forms(path);
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode))
        candidates.push_back({.path = path, .identity = {info.st_dev, info.st_ino}});
    for (const auto& candidate : candidates)
        if (candidate.identity == place.identity && file_holds(candidate.path, place)) return candidate.path;
    if (place.head_length == 0) return std::nullopt;
    for (auto candidate = candidates.rbegin(); candidate != candidates.rend(); ++candidate)
        if (file_holds(candidate->path, place)) return candidate->path;
    return std::nullopt;
}

}  // namespace

std::vector<std::string> LogFiles::paths_of(const std::string& pattern) const {
    auto paths = expand(pattern);
    if (!is_pattern(pattern)) return paths;
    std::erase_if(paths, [&](const std::string& path) {
        return std::any_of(followed_.begin(), followed_.end(), [&](const Entry& entry) {
            return directory_of(entry.first) == directory_of(path) &&
                   is_rotated_form(base_name(path), base_name(entry.first));
        });
    });
    return paths;
}

bool LogFiles::is_open(const FileIdentity& identity) const {
    return std::any_of(followed_.begin(), followed_.end(), [&](const Entry& entry) {
        return std::any_of(entry.second.files.begin(), entry.second.files.end(),
                           [&](const TailFile& file) { return file.identity() == identity; });
    });
}

void LogFiles::restore(Entry& entry, const std::vector<FilePlace>& places, Time now) {
    auto& [path, followed] = entry;
    std::string last_found;
    followed.resumed = true;
    for (const auto& place : places) {
        const auto found = find_again(path, place);
        if (!found) {
            ++counters_.gaps;
            followed.resumed = false;
            continue;
        }
        last_found = *found;
        if (auto* file = add(followed, path, *found, followed.files.end())) file->begin_at(place.offset, now);
    }
    if (last_found == path) return;
    // rotated more than once meanwhile: what lies between the file that was read and the one of today
    bool later = false;
    for (const auto& form : rotated_forms(path)) {
        if (later)
            if (auto* file = add(followed, path, form.path, followed.files.end())) {
                file->begin(TailFile::Start::at_start, now);
                ++counters_.rotations;
            }
        later |= form.path == last_found;
    }
    look_at(entry, TailFile::Start::at_start, now);
}

std::string LogFiles::checkpoint() const {
    Checkpoint checkpoint;
    checkpoint.patterns = settings_.patterns;
    for (const auto& [pattern, hearing] : heard_)
        checkpoint.heard.push_back({pattern, to_micros(hearing.first()), to_micros(hearing.last()),
                                    to_micros(Time(hearing.longest_pause()))});
    for (const auto& [path, followed] : followed_)
        for (const auto& file : followed.files)
            checkpoint.places.push_back(file.place(path));
    return to_text(checkpoint);
}

std::string LogFiles::describe() const {
    std::string open;
    std::string missing;
    for (const auto& [path, followed] : followed_) {
        auto& list = followed.files.empty() ? missing : open;
        list += (list.empty() ? "" : ", ") + path;
    }
    for (const auto& pattern : settings_.patterns)
        if (is_pattern(pattern)) missing += (missing.empty() ? "" : ", ") + ("new files of " + pattern);
    std::string text;
    if (!open.empty()) text = "reads " + open;
    if (!missing.empty()) {
        if (!text.empty()) text += "; ";
        text += settings_.expected == Expected::by_default ? "not there (default; ignored): " : "waits for ";
        text += missing;
    }
    if (counters_.truncations > 0)
        text +=
            "; " + std::to_string(counters_.truncations) +
            " times emptied in place, where lines written between the rotator's copy and its cut are lost";
    if (counters_.gaps > 0)
        text +=
            "; " + std::to_string(counters_.gaps) + " times the place that was read to could not be found";
    return text;
}

void LogFiles::hear_again(const std::vector<HeardLog>& heard) {
    for (const auto& [pattern, first_us, last_us, longest_us] : heard) {
        const auto known = std::find(settings_.patterns.begin(), settings_.patterns.end(), pattern);
        if (known == settings_.patterns.end()) continue;
        auto& hearing = heard_[pattern];
        hearing = {from_micros(first_us), from_micros(last_us), std::chrono::microseconds(longest_us)};
        hearing.resume();
    }
}

LogFiles::Entry& LogFiles::followed_under(const std::string& path, const std::string& pattern) {
    auto& entry = *followed_.try_emplace(path).first;
    entry.second.patterns.insert(pattern);
    return entry;
}

std::vector<detect::Silence> LogFiles::silences(Time now) const {
    using Why = detect::Silence::Why;
    std::vector<detect::Silence> silences;
    if (settings_.silent_after == Duration::max()) return silences;
    for (const auto& [pattern, hearing] : heard_) {
        const auto least = std::min(settings_.silent_after, detect::shortest_absence);
        if (!hearing.is_silent(now, least)) continue;
        const auto paths = expand(pattern);
        const bool there = std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
            struct stat info {};
            return ::stat(path.c_str(), &info) == 0;
        });
        if (!there || hearing.is_silent(now, settings_.silent_after))
            silences.push_back(
                {pattern, there ? Why::silent : Why::gone, hearing.last(), hearing.longest_pause()});
    }
    return silences;
}

std::vector<std::string> LogFiles::troubles(Time) const {
    std::vector<std::string> troubles;
    bool any_open = false;
    for (const auto& [path, followed] : followed_) {
        any_open |= !followed.files.empty();
        if (!followed.trouble.empty()) troubles.push_back(followed.trouble);
        if (!followed.files.empty() && followed.files.back().watch < 0)
            troubles.push_back(path +
                               " is looked at only every 30 s: raise fs.inotify.max_user_watches (sysctl)");
    }
    if (!any_open && troubles.empty() && settings_.expected == Expected::configured)
        troubles.push_back("none of the log files exists: " + describe() +
                           "; name the right ones in the configuration");
    return troubles;
}

Duration LogFiles::scan_interval() const {
    const bool trouble = std::any_of(followed_.begin(), followed_.end(),
                                     [](const Entry& entry) { return !entry.second.trouble.empty(); });
    return trouble ? trouble_scan_interval : calm_scan_interval;
}

Duration LogFiles::until_next(Time now) const {
    Duration rest = scan_interval() - (now - scanned_at_);
    for (const auto& [path, followed] : followed_) {
        for (auto file = followed.files.begin(); file != followed.files.end(); ++file) {
            if (const auto since = file->unfinished_since())
                rest = std::min(rest, *since + settings_.unfinished_line_after - now);
            if (file != std::prev(followed.files.end()))
                rest = std::min(rest, file->last_growth() + settings_.close_old_after - now);
        }
    }
    return std::max(rest, Duration::zero());
}

}  // namespace garita::log_files
