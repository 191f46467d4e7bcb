#pragma once
// Lines of a log as they are written: what a follower of files or of the journal gives to detectors.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/hearing.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::detect {

/// Which line this is, over restarts: reading the same line again gives the same id.
struct LineId {
    std::uint64_t stream = 0;    ///< the file (device and inode), or the journal
    std::uint64_t position = 0;  ///< byte offset, or a hash of the journal's cursor
    friend bool operator==(const LineId&, const LineId&) = default;
};

/// Whether a line was written by whom it claims.
enum class Writer {
    claimed,  ///< that is all: a line of a text file, or a journal entry whose writer was gone when journald
              ///< looked
    proven,   ///< journald has it from the kernel
};

/// One line. All views live as long as the call they are given to. Any byte may be in the text.
struct LogLine {
    std::string_view text;    ///< without its newline; cut at the follower's limit
    std::string_view source;  ///< path of the file, or "journal"
    LineId id;
    // the rest is known of journal entries only
    std::optional<Time> at;       ///< when the journal received it
    std::int32_t pid = 0;         ///< of the writing process, as the kernel says; 0: unknown
    std::string_view identifier;  ///< syslog identifier, "sshd"
    std::string_view host;
    Writer writer = Writer::claimed;
};

class LineReceiver {
  public:
    virtual ~LineReceiver() = default;
    virtual void on_line(const LogLine& line) = 0;
};

/// Since the start. What may have been missed is counted, never hidden.
struct FollowCounters {
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    std::uint64_t cut = 0;          ///< lines longer than the limit, or handed over half-written
    std::uint64_t rotations = 0;    ///< another file took the name
    std::uint64_t truncations = 0;  ///< the file was emptied in place: lines written between the rotator's
                                    ///< copy and its cut may be missing
    std::uint64_t gaps = 0;         ///< times that a part of unknown size could not be found any more
    std::uint64_t refused = 0;      ///< journal entries not written by whom they claim
    std::uint64_t claimed = 0;      ///< journal entries that may be: Writer::claimed
};

/// Reads one or several logs to their ends, again and again. One thread at a time.
class LogFollower {
  public:
    LogFollower() = default;
    LogFollower(const LogFollower&) = delete;
    LogFollower& operator=(const LogFollower&) = delete;
    virtual ~LogFollower() = default;

    /// Once, before the first read(): hands over again what was read in an earlier life and lies before the
    /// checkpoint by less than `span`, as far as that is known, else rather more; the oldest first, within a
    /// bound of bytes. Nothing at the very first start, and where the log of then cannot be found again.
    virtual Result<void> read_again(Duration span, Time now, LineReceiver& receiver) = 0;
    /// Hands over what has been written since, at most a portion (about a megabyte). Returns how long it need
    /// not be called unless wake_fd() becomes readable; zero: there is more to read now. A file that cannot
    /// be read is a trouble and no error.
    virtual Result<Duration> read(Time now, LineReceiver& receiver) = 0;
    /// Readable when there may be something to read; -1 when there is nothing to wait for.
    [[nodiscard]] virtual int wake_fd() const = 0;
    /// Where reading stands after the last read(), to be given to the next start.
    [[nodiscard]] virtual std::string checkpoint() const = 0;
    /// What is followed, in words.
    [[nodiscard]] virtual std::string describe() const = 0;
    /// What keeps it from reading, each with its cure. Empty: all is well.
    [[nodiscard]] virtual std::vector<std::string> troubles(Time now) const = 0;
    /// Logs that have fallen silent, each until it speaks again.
    [[nodiscard]] virtual std::vector<Silence> silences(Time now) const = 0;
    [[nodiscard]] virtual FollowCounters counters() const = 0;
};

}  // namespace garita::detect
