#pragma once
// The fields of a journal entry that matter here, and who may be believed to have written it.

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

/// sshd logs as root, and journald knows the writer's user from the kernel. A user's `logger -t sshd` is not
/// believed. Command and executable must be sshd's where they are known; root itself could forge anything.
[[nodiscard]] bool written_by_sshd(const JournalEntry& entry);

/// Where a reader of the journal stands.
struct JournalPlace {
    std::string cursor;         ///< of the last entry that was read; empty: none yet
    std::int64_t since_us = 0;  ///< time of the first start: used while there is no cursor
    friend bool operator==(const JournalPlace&, const JournalPlace&) = default;
};
[[nodiscard]] std::string to_text(const JournalPlace& place);
[[nodiscard]] std::optional<JournalPlace> parse_journal_place(std::string_view text);

}  // namespace garita::journal
