#pragma once
// The audit trail as a chain: each row carries the hash of itself and of the row before, so that nobody can
// change, take out, add or reorder rows without every later hash telling. Whoever can write the store can
// also compute the chain anew; therefore agents keep its heads too.
//
// A row's hash is H("garita audit 1" NUL, prev, seq, at, by_kind, by_name, by_channel, by_role, verb, object,
// detail): prev are its 32 bytes, the two numbers 8 bytes big-endian (at: microseconds since 1970), each text
// its length in 8 bytes big-endian and then its bytes. The first row's prev is 32 zero bytes.
// H is BLAKE2b-256; it is passed in, because this room knows no library.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/audit.hpp"

namespace garita {

using AuditHash = std::array<std::uint8_t, 32>;
using AuditHashFunction = AuditHash (*)(std::string_view);

[[nodiscard]] std::string to_hex(const AuditHash& hash);
[[nodiscard]] std::optional<AuditHash> parse_audit_hash(std::string_view hex);

/// The newest row at some moment: it vouches for every row before.
struct AuditHead {
    std::int64_t seq = 0;  ///< 0: nothing is recorded yet
    AuditHash hash{};
    Time at{};  ///< of that row
    friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// A row as it is kept. Words stay as they stand, so that a damaged one can be read and named.
struct AuditRow {
    std::int64_t seq = 0;  ///< 1, 2, 3 … without gaps; the entry's id
    Time at{};
    std::string by_kind;
    std::string by_name;
    std::string by_channel;
    std::string by_role;
    std::string verb;
    std::string object;
    std::string detail;
    AuditHash prev{};
    AuditHash hash{};
    friend bool operator==(const AuditRow&, const AuditRow&) = default;
};

[[nodiscard]] AuditHead head_of(const AuditRow& row);
/// What the hash is taken of.
[[nodiscard]] std::string canonical_form(const AuditRow& row);
/// The entry as the row after `head`; its texts must be final.
[[nodiscard]] AuditRow chained(const AuditEntry& entry, const AuditHead& head, AuditHashFunction hash);

/// What retention took away: all rows up to this one. Recorded as a row itself, which vouches for the start
/// of what is left.
struct AuditCut {
    std::int64_t up_to = 0;
    AuditHash hash{};  ///< of the row `up_to`
    Time older_than{};
    friend bool operator==(const AuditCut&, const AuditCut&) = default;
};
[[nodiscard]] AuditEntry entry_of(const AuditCut& cut, Time now);
[[nodiscard]] std::optional<AuditCut> cut_of(const AuditRow& row);  ///< nullopt: a row about something else

}  // namespace garita
