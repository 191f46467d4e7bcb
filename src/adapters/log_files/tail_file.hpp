#pragma once
// One open log file, read to its end again and again, and the proof that it is still the same content.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/log_files/file_place.hpp"
#include "detect/line_splitter.hpp"
#include "detect/log_follower.hpp"
#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::log_files {

/// Whatever has this name; none where it cannot be opened, with errno. Never waits.
[[nodiscard]] runtime::Descriptor open_log(const std::string& path);
[[nodiscard]] bool starts_compressed(int file);
/// The open file begins with what was read up to this place, and is long enough for it.
[[nodiscard]] bool holds(int file, const FilePlace& place);

class TailFile {
  public:
    enum class Start { at_start, at_end };
    enum class Outcome {
        at_end,   ///< nothing more for now
        more,     ///< the portion is used up, the file is not
        emptied,  ///< what was read is no longer what the file holds: call start_over()
    };

    /// Takes the open file. `stream` names it in the ids of its lines.
    TailFile(runtime::Descriptor file, FileIdentity identity, std::string path, std::size_t line_limit);

    void begin(Start start, Time now);
    /// Goes on at a place that this file's first bytes have been checked against.
    void begin_at(std::uint64_t offset, Time now);
    /// Goes on in the copy that a rotator made before it emptied `original`: with its unfinished line, and
    /// giving its lines the ids that they have there.
    void continue_copy_of(const TailFile& original, Time now);
    /// After the file was emptied in place.
    void start_over();

    /// `buffer` is working space. Counts lines, bytes and cut lines.
    Result<Outcome> read(Time now, std::vector<char>& buffer, std::size_t budget,
                         detect::LineReceiver& receiver, detect::FollowCounters& counters);
    /// Gives an unfinished line that has waited since before `oldest`.
    void flush_older_than(Time oldest, detect::LineReceiver& receiver, detect::FollowCounters& counters);

    /// Hands over again what lies at most `bytes` before the place where reading stands, without moving it.
    /// Only whole lines.
    Result<void> read_again(std::uint64_t bytes, std::vector<char>& buffer,
                            detect::LineReceiver& receiver) const;

    enum class Copy {
        none,     ///< another content
        shorter,  ///< a copy that holds nothing beyond what was read of the original
        whole,    ///< holds all that was read, and perhaps more
    };
    [[nodiscard]] Copy as_copy_of(const TailFile& original) const;
    /// Time of the last change of its content, nanoseconds since 1970.
    [[nodiscard]] std::int64_t changed_ns() const;
    [[nodiscard]] bool has_a_name() const;

    [[nodiscard]] FilePlace place(const std::string& name) const;
    [[nodiscard]] const FileIdentity& identity() const { return identity_; }
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] int fd() const { return file_.get(); }
    [[nodiscard]] std::optional<Time> unfinished_since() const;
    [[nodiscard]] Time last_growth() const { return last_growth_; }
    [[nodiscard]] bool has_grown() const { return has_grown_; }

    int watch = -1;     ///< of the follower's inotify
    bool dirty = true;  ///< may have something to read

  private:
    [[nodiscard]] bool same_as_before() const;
    void remember(std::string_view bytes);
    [[nodiscard]] std::string bytes_at(std::uint64_t offset, std::size_t size) const;

    runtime::Descriptor file_;
    FileIdentity identity_;
    std::uint64_t stream_;
    std::string path_;
    detect::LineSplitter splitter_;
    std::uint64_t offset_ = 0;
    std::string head_;  // the file's first bytes, as far as they were read
    std::string tail_;  // the bytes just before offset_
    Time last_growth_{};
    bool has_grown_ = false;
};

}  // namespace garita::log_files
