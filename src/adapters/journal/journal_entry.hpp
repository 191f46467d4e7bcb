#pragma once
// The fields of a journal entry that matter here, and who may be believed to have written it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace garita::journal {

/// Texts are cut at a bound. Fields whose names begin with '_' are set by journald itself from what the
/// kernel says about the writer; the others are the writer's own words.
struct JournalEntry {
    std::string message;
    std::string identifier;            ///< SYSLOG_IDENTIFIER, the writer's words
    std::string host;                  ///< _HOSTNAME
    std::string unit;                  ///< _SYSTEMD_UNIT
    std::string command;               ///< _COMM; empty when the process was gone before journald looked
    std::string executable;            ///< _EXE; likewise
    std::string transport;             ///< _TRANSPORT
    std::optional<std::uint32_t> uid;  ///< _UID
    std::int32_t pid = 0;              ///< _PID; 0: unknown

    /// Takes one "NAME=value" as the journal holds it; other names and broken values are passed over.
    void take(std::string_view field);
};

/// Who wrote an entry that calls itself sshd's. sshd logs as root, and journald has the user from the kernel,
/// always; command, executable and unit it looks up when the entry comes in, and finds none of them when the
/// process is gone by then.
enum class EntryWriter {
    sshd,  ///< root's process with sshd's command and executable, as far as they are known, and one of them
           ///< is; or, with neither, a syslog message from sshd's own unit
    unknown,  ///< root's, but gone before journald looked: sshd that ended at once, or root's `logger -t
              ///< sshd`
    other,    ///< a user, another program, another unit (a session, a container, cron)
};
[[nodiscard]] EntryWriter writer_of(const JournalEntry& entry);

/// Where a reader of the journal stands.
struct JournalPlace {
    std::string cursor;         ///< of the last entry that was read; empty: none yet
    std::int64_t since_us = 0;  ///< time of the first start: used while there is no cursor
    /// How regularly entries have come: the first, the last, the longest pause; zeros: not at all yet.
    std::array<std::int64_t, 3> heard_us{};
    friend bool operator==(const JournalPlace&, const JournalPlace&) = default;
};
[[nodiscard]] std::string to_text(const JournalPlace& place);
[[nodiscard]] std::optional<JournalPlace> parse_journal_place(std::string_view text);

}  // namespace garita::journal
