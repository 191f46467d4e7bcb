#pragma once
// Follows this machine's journal, or journal files in a directory, with sd-journal.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/journal/journal_entry.hpp"
#include "adapters/journal/wake_up.hpp"
#include "detect/log_follower.hpp"

struct sd_journal;

namespace garita::journal {

struct JournalSettings {
    enum class Believe {
        all,   ///< the units and identifiers asked for
        sshd,  ///< only what sshd itself wrote, or may have written: see writer_of()
    };
    std::string directory;                 ///< empty: this machine's journal
    std::vector<std::string> units;        ///< "nginx.service"; entries of any of these
    std::vector<std::string> identifiers;  ///< or with any of these syslog identifiers
    Believe believe = Believe::all;
    /// Shorter silences are never told; none at all: Duration::max().
    Duration silent_after = std::chrono::hours(24);
    /// Programs whose start announces entries: for a while the journal is then looked at every 20 ms instead
    /// of waiting for journald's notice, which it sends at most four times a second.
    std::vector<std::string> announced_by;
};

/// What ssh_sessions reads.
[[nodiscard]] JournalSettings sshd_journal();
/// All of a unit; "nginx" means "nginx.service".
[[nodiscard]] JournalSettings unit_journal(const std::string& unit);

/// What can be said about this machine's journal before reading it.
enum class JournalState {
    none,         ///< no journal, or none that this process may read
    left_behind,  ///< there are entries, but no journald runs and the last entry is more than an hour old
    live,
};
[[nodiscard]] JournalState machine_journal(Time now);
/// It is live now: there is a reason to read it rather than a file.
[[nodiscard]] bool journal_is_readable();

class JournalReader final : public detect::LogFollower {
  public:
    /// `checkpoint` is what checkpoint() returned in an earlier life; at the very first start reading begins
    /// with the entries after `now`.
    JournalReader(JournalSettings settings, const std::optional<std::string>& checkpoint, Time now);

    Result<void> read_again(Duration span, Time now, detect::LineReceiver& receiver) override;
    Result<Duration> read(Time now, detect::LineReceiver& receiver) override;
    [[nodiscard]] int wake_fd() const override { return wake_up_.fd(); }
    [[nodiscard]] std::string checkpoint() const override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::vector<std::string> troubles(Time now) const override;
    [[nodiscard]] std::vector<detect::Silence> silences(Time now) const override;
    [[nodiscard]] detect::FollowCounters counters() const override { return counters_; }

  private:
    struct Closer {
        void operator()(sd_journal* journal) const;
    };
    using Handle = std::unique_ptr<sd_journal, Closer>;

    Result<void> open();
    Result<void> match(sd_journal* journal) const;
    Result<void> find_place(sd_journal* journal);
    [[nodiscard]] std::string what_is_read() const;  ///< "ssh.service, sshd"
    [[nodiscard]] bool has_files() const;
    [[nodiscard]] Duration pause(Time now) const;
    enum class Count { yes, no };
    /// The entry that the library stands on.
    void give(Time now, Count count, detect::LineReceiver& receiver);
    /// The library stands on the oldest entry to be read again. False: there is none.
    [[nodiscard]] bool find_start(Duration span);

    JournalSettings settings_;
    JournalPlace place_;
    WakeUp wake_up_;
    detect::Hearing heard_;
    Handle journal_;
    std::optional<Time> announced_at_;
    bool resumed_ = false;          ///< the place is that of a checkpoint
    bool on_unread_entry_ = false;  ///< the library stands on an entry that was not yet given
    std::string trouble_;
    detect::FollowCounters counters_;
};

}  // namespace garita::journal
