#pragma once
// What keeps addresses blocked on a device. The reconciler alone decides what should be; a backend makes it
// so in the kernel or on a device, reads back what is, and says when somebody else may have changed it.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/ip.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::enforce {

/// One network whose packets are dropped. Without `expires_at` until it is removed.
struct BlockEntry {
    IpNetwork network;
    std::optional<Time> expires_at;
    friend bool operator==(const BlockEntry&, const BlockEntry&) = default;
};

enum class BlockChange { add, remove };

/// One entry that the device refused; the other entries of the batch were carried out.
struct EntryFailure {
    IpNetwork network;
    BlockChange change = BlockChange::add;
    Error error;
};

struct BatchResult {
    std::vector<EntryFailure> failed;
    std::uint64_t connections_cut = 0;  ///< open connections of newly blocked networks that were ended
    /// The blocks are in force, but open connections could not be looked for or not be ended.
    std::optional<Error> cut_error;
};

/// Whether the device still holds what this backend left there.
enum class Drift {
    none,       ///< nobody has committed anything since; nothing needs comparing
    possible,   ///< somebody committed something: compare `read_back` with what should be
    structure,  ///< own tables, sets or rules are missing: `prepare`, then compare `read_back`
};

/// Rules of the class "block" on one device. Used by one thread at a time.
///
/// Guarantees of every backend (tests/contract/rule_backend_contract.hpp):
///  - networks may be nested or overlap; each lives and ends by itself: taking away the outer one leaves the
///  inner one
///    in force, and the other way round;
///  - `expires_at` is kept by the device: an entry ends at that second even when Garita is not running;
///  - whatever belongs to others on the device is left alone.
/// An Error as the result of a whole call means: the device could not be reached or refused everything; what
/// was carried out of the call is unknown, and calling it again is harmless.
class RuleBackend {
  public:
    RuleBackend() = default;
    RuleBackend(const RuleBackend&) = delete;
    RuleBackend& operator=(const RuleBackend&) = delete;
    virtual ~RuleBackend() = default;

    /// Makes or repairs the structure that holds the entries. Idempotent; entries already there stay in
    /// force. Call it first, and after `Drift::structure`.
    [[nodiscard]] virtual Result<void> prepare() = 0;

    /// Adds (or, for a network that is there already, sets the expiry anew) and removes. Idempotent: removing
    /// what is absent is success. A network both added and removed is added. An entry whose time has come is
    /// not added, and removed if it is there. Each entry changes at once for packets: there is no moment
    /// between old and new expiry in which it is not in force. A refused entry is named in the result and
    /// does not stop the others. conflict: the structure is gone, call `prepare` and compare.
    [[nodiscard]] virtual Result<BatchResult> apply(std::span<const BlockEntry> add,
                                                    std::span<const IpNetwork> remove, Time now) = 0;

    /// Everything in force at `now`, ordered by network; `expires_at` to within a second of the device's own
    /// time.
    [[nodiscard]] virtual Result<std::vector<BlockEntry>> read_back(Time now) = 0;

    /// Replaces everything by `all`, without a moment in which an entry of both the old and the new content
    /// is not in force. Makes the structure if it is missing.
    [[nodiscard]] virtual Result<BatchResult> rebuild(std::span<const BlockEntry> all, Time now) = 0;

    /// Cheap enough to be called every second (constant time while nothing changed).
    [[nodiscard]] virtual Result<Drift> check(Time now) = 0;

    /// Takes away everything that this backend ever made on the device. Idempotent.
    [[nodiscard]] virtual Result<void> remove_all() = 0;
};

}  // namespace garita::enforce
