#pragma once
// Where the rules of one class live on one device: a set in a kernel, a table of a firewall, the lines of a
// command. The reconciler alone decides what should be there; a backend makes it so, and reads back what is.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "enforce/rule_backend.hpp"
#include "model/packed.hpp"
#include "model/result.hpp"

namespace garita::enforce {

/// The entry of one key: from what is believed to be there to what shall be.
struct ClassChange {
    RuleKey key;
    std::optional<RuleValue> before;  ///< as last recorded; may be wrong, must not be trusted
    std::optional<RuleValue> after;   ///< nothing: no entry
};

/// One change that the device refused; the others of the batch were carried out.
struct ChangeFailure {
    std::size_t change = 0;  ///< index in the batch
    Error error;             ///< retry: whether the same may succeed later
};

using EntrySink = std::function<void(const RuleKey&, const RuleValue&)>;
/// Calls the sink for every entry that shall be there, in any order, each key once. May be called again.
using EntrySource = std::function<void(const EntrySink&)>;

/// One class on one device. Used by one thread at a time.
///
/// Guarantees of every backend (tests/contract/class_backend/class_backend_contract.hpp):
///  - applying the same batch again, wholly or partly applied before, ends in the same state and succeeds;
///    a change of value is never seen by packets as no entry, where the device can do that at all
///  - what belongs to others on the device is left alone; foreign entries within Garita's own tables are read
///    back like its own
/// An Error as the result of a whole call means: the device could not be reached or refused everything; what
/// was carried out of the call is unknown, and calling it again is harmless.
class ClassBackend {
  public:
    ClassBackend() = default;
    ClassBackend(const ClassBackend&) = delete;
    ClassBackend& operator=(const ClassBackend&) = delete;
    virtual ~ClassBackend() = default;

    /// Makes or repairs the structure that holds the entries. Idempotent; entries already there stay in
    /// force.
    [[nodiscard]] virtual Result<void> prepare() = 0;

    /// Keys are different within one batch. Ordered by `change`.
    [[nodiscard]] virtual Result<std::vector<ChangeFailure>> apply(std::span<const ClassChange> changes) = 0;

    /// Everything that is there, in any order, at one moment as far as the device can do that; an entry may
    /// come twice where the device's own list does that.
    [[nodiscard]] virtual Result<void> read_back(const EntrySink& entry) = 0;

    /// A whole reading may be divided, so that changes need not wait for all of it: the parts of 0 to
    /// parts() - 1 together are what read_back gives. Part 0 begins a reading: what others do from then on is
    /// told by the next check.
    [[nodiscard]] virtual std::size_t parts() const { return 1; }
    [[nodiscard]] virtual std::size_t part_of(const RuleKey& key) const {
        (void)key;
        return 0;
    }
    [[nodiscard]] virtual Result<void> read_part(std::size_t part, const EntrySink& entry) {
        (void)part;
        return read_back(entry);
    }

    /// Replaces everything by what the source gives, with no moment in which packets meet an empty or half
    /// filled set, where the device can do that at all. Makes the structure if it is missing. Failures by
    /// the position in the source's order, which has to be the same each time.
    [[nodiscard]] virtual Result<std::vector<ChangeFailure>> rebuild(const EntrySource& all,
                                                                     std::size_t count) = 0;

    /// Has anybody else changed it since everything was read or rebuilt last? Cheap enough to be called every
    /// second. `count` is how many entries there should be. `possible` may be said once only: who hears it
    /// has to read.
    [[nodiscard]] virtual Result<Drift> check(std::size_t count) = 0;

    /// Takes away everything that this backend ever made on the device. Idempotent.
    [[nodiscard]] virtual Result<void> remove_all() = 0;

    /// How many changes at a time suit it.
    [[nodiscard]] virtual std::size_t batch_size() const { return 4000; }
};

}  // namespace garita::enforce
