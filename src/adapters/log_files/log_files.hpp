#pragma once
// Follows log files by name and by pattern with inotify: through rotation by renaming and by emptying in
// place, deletion, absence and restarts.

#include <chrono>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/log_files/file_names.hpp"
#include "adapters/log_files/file_place.hpp"
#include "adapters/log_files/inotify.hpp"
#include "adapters/log_files/tail_file.hpp"
#include "detect/log_follower.hpp"

namespace garita::log_files {

/// Whether somebody said that these logs are there, or only many hosts have them.
enum class Expected { configured, by_default };

struct LogFilesSettings {
    std::vector<std::string> patterns;  ///< absolute paths or globs
    /// Configured ones that are not there are a trouble. All are waited for.
    Expected expected = Expected::configured;
    /// Where reading begins in a log that is there at the very first start; later ones are read from the
    /// start.
    TailFile::Start first_start = TailFile::Start::at_end;
    std::size_t line_limit = 64 * 1024;             ///< bytes
    std::uint64_t recall_limit = 64 * 1024 * 1024;  ///< bytes that read_again() reads, of all files
    Duration unfinished_line_after = std::chrono::seconds(5);  ///< then it is given as it is
    Duration close_old_after = std::chrono::seconds(60);       ///< a rotated file without growth
    /// Shorter silences are never told; none at all: Duration::max().
    Duration silent_after = std::chrono::hours(24);
};

class LogFiles final : public detect::LogFollower {
  public:
    /// `checkpoint` is what checkpoint() returned in an earlier life; nothing at the first start.
    /// Throws std::system_error when the kernel gives no inotify instance.
    LogFiles(LogFilesSettings settings, const std::optional<std::string>& checkpoint, Time now);

    /// Files do not tell when their lines were written: the last megabytes, also of the rotated forms.
    Result<void> read_again(Duration span, Time now, detect::LineReceiver& receiver) override;
    Result<Duration> read(Time now, detect::LineReceiver& receiver) override;
    [[nodiscard]] int wake_fd() const override { return inotify_.fd(); }
    [[nodiscard]] std::string checkpoint() const override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::vector<std::string> troubles(Time now) const override;
    [[nodiscard]] std::vector<detect::Silence> silences(Time now) const override;
    [[nodiscard]] detect::FollowCounters counters() const override { return counters_; }

  private:
    /// One name that is followed, with its file and older files of that name that may still be written to.
    struct Followed {
        std::list<TailFile> files;  ///< the oldest first; the last has, or had, the name
        std::string trouble;
        std::set<std::string> patterns;  ///< that have named it
        bool resumed = false;            ///< every place of the checkpoint was found again
        std::vector<RotatedFile>
            known_forms;  ///< lay beside the file before: no copies of it, nor successors
    };
    using Entry = std::map<std::string, Followed>::value_type;

    void hear_again(const std::vector<HeardLog>& heard);
    Entry& followed_under(const std::string& path, const std::string& pattern);
    [[nodiscard]] std::vector<std::string> paths_of(const std::string& pattern) const;
    [[nodiscard]] bool is_open(const FileIdentity& identity) const;
    void close(Followed& followed, std::list<TailFile>::iterator file);
    void take_notices();
    void scan(Time now);
    void watch_directories();
    void look_at(Entry& entry, TailFile::Start start, Time now);
    void restore(Entry& entry, const std::vector<FilePlace>& places, Time now);
    TailFile* add(Followed& followed, const std::string& path, const std::string& opened_as,
                  std::list<TailFile>::iterator before);
    bool read_files(Entry& entry, Time now, detect::LineReceiver& receiver);
    bool read_copy(Followed& followed, const std::string& path, const std::string& copy,
                   std::list<TailFile>::iterator emptied, Time now);
    void take_over_copy(Entry& entry, std::list<TailFile>::iterator emptied, Time now);
    /// Files that had the name between the former one and `current`, and were renamed before anyone looked.
    void take_over_missed(Entry& entry, std::list<TailFile>::iterator current, Time now);
    /// Of these lines another file, or another name, has already given some.
    [[nodiscard]] bool was_read(const Followed& followed, const TailFile& found) const;
    void close_old(Entry& entry, Time now);
    Result<void> read_again(const Entry& entry, std::uint64_t bytes, Time now,
                            detect::LineReceiver& receiver);
    [[nodiscard]] Duration scan_interval() const;
    [[nodiscard]] Duration until_next(Time now) const;

    LogFilesSettings settings_;
    Inotify inotify_;
    std::map<std::string, Followed> followed_;
    std::unordered_map<int, TailFile*> watched_files_;
    std::map<std::string, int> watched_directories_;
    /// By pattern: of files with a date in their names each one falls silent for good.
    std::map<std::string, detect::Hearing> heard_;
    std::vector<FilePlace> closed_;  ///< the last few, should one come back under another name
    std::vector<char> buffer_;
    bool scan_due_ = false;
    Time scanned_at_{};
    detect::FollowCounters counters_;
};

}  // namespace garita::log_files
