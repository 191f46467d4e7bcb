#pragma once
// Keeps the rules of one class on one device what they are wanted to be: part of its device's reconciler.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "enforce/class_backend.hpp"
#include "enforce/class_status.hpp"
#include "enforce/entry_table.hpp"
#include "model/time.hpp"
#include "store/class_book.hpp"

namespace garita::enforce {

/// What is done about entries in Garita's own sets that nobody asked for.
enum class ForeignEntries : std::uint8_t { remove, report };

/// One class of a device; the backend outlives what keeps it.
struct KeptClass {
    std::string name;
    ClassBackend* backend = nullptr;
    std::optional<RuleValue> absent{};  ///< a wanted value that means: no entry
    std::vector<std::string> after{};   ///< classes of the device whose rules have to be there first
    ForeignEntries foreign = ForeignEntries::remove;
};

struct ClassReconcilerOptions {
    Duration check_every = std::chrono::seconds{3};  ///< for changes by others
    Duration audit_every = std::chrono::hours{1};    ///< all is read, even if nobody seems to have been there
    int audit_share = 50;  ///< reading takes at most one part in so many of the time
    Duration first_back_off = std::chrono::seconds{1};
    Duration longest_back_off = std::chrono::minutes{5};
    std::uint32_t jitter_seed = 1;       ///< another for each device: they must not all come back at once
    std::size_t most_repairs = 100'000;  ///< more are not repaired one by one, but by a rebuild
};

/// How long to wait after so many failures in a row: doubled each time, and anything from half of that on.
class BackOff {
  public:
    explicit BackOff(const ClassReconcilerOptions& options)
        : first_(options.first_back_off), longest_(options.longest_back_off), random_(options.jitter_seed) {}
    [[nodiscard]] Duration after(int failures);

  private:
    Duration first_;
    Duration longest_;
    std::minstd_rand random_;
};

class ClassKeeper {
  public:
    ClassKeeper(KeptClass rules, store::ClassBook& book, const ClassReconcilerOptions& options,
                BackOff& back_off);

    [[nodiscard]] const KeptClass& rules() const { return rules_; }

    /// Whether the device is known to hold what the shadow says.
    enum class Place { unknown, known };
    [[nodiscard]] Place place() const { return place_; }
    void forget_place() { place_ = Place::unknown; }
    /// Finds out what the device holds, and what has to be repaired.
    Result<void> start(Time now);

    enum class Left { nothing, more };
    /// One batch of the lane, applied and recorded.
    Result<Left> take(store::Lane lane, Time now);
    /// Of one batch of rows whose turn has not come yet: takes those entries away that are wanted no more.
    /// They are recorded in their turn.
    Result<Left> delete_ahead(store::Lane lane);
    /// One batch of what differs since a start.
    Result<Left> repair(Time now);
    /// Those refused rules whose time has come.
    Result<void> retry(Time now);
    /// Has anybody been there? Once in `check_every`.
    Result<void> check(Time now);
    /// One part of a reading that is due; `clock` says how long it took.
    Result<Left> audit(Time now, const std::function<Time()>& clock);
    void request_audit() {
        suspect_ = true;
        auditing_.reset();
        not_audited_before_.reset();
    }
    /// Everything anew, at one instant for packets.
    Result<void> rebuild(Time now);

    /// How long nothing has to be done if nothing happens.
    [[nodiscard]] Duration until_next(Time now) const;
    [[nodiscard]] ClassStatus status();

  private:
    struct Refused {
        store::RefusedRule rule;
        std::optional<RuleValue> want;
        Time since{};
    };
    struct Audit {
        std::size_t parts = 0;
        std::size_t next = 0;
        Time began{};
        std::vector<DriftRow> found;
        std::uint64_t differing = 0;
    };
    class Reading;

    [[nodiscard]] std::optional<RuleValue> entry_of(const std::optional<RuleValue>& want) const;
    void remember(const RuleKey& key, const std::optional<RuleValue>& value);
    /// A repair that was refused: tried again after growing waits.
    void postpone(const RuleKey& key, const std::optional<RuleValue>& want, const Error& error, Time now);
    /// Applies; the shadow follows. By change: its error.
    Result<std::vector<ChangeFailure>> apply(const std::vector<ClassChange>& changes);
    [[nodiscard]] store::RefusedRule refusal(const RuleKey& key, std::int64_t seq, const Error& error,
                                             int attempts, Time now);
    Result<EntryTable> wanted();
    Result<void> load_positions();
    void load_refused(const EntryTable& wanted, Time now);
    void forget_refused(const RuleKey& key);
    void find_oldest_refusal();
    Result<void> compare(EntryTable wanted, Time now);
    Result<void> replace_by(EntryTable wanted, Time now);
    void note_placed(Time now);
    Result<void> settle_refused(Time now);
    void begin_audit(Time now);
    Result<void> audit_part(std::size_t part, Time now);
    void note_difference(const DriftRow& row);
    std::vector<ClassChange> missing();
    Result<void> mend(const std::vector<ClassChange>& changes, Time now);

    KeptClass rules_;
    store::ClassBook& book_;
    const ClassReconcilerOptions& options_;
    BackOff& back_off_;
    EntryTable shadow_;   ///< what the device holds, as last applied or read
    EntryTable foreign_;  ///< and besides, what nobody asked for and is left there
    Place place_ = Place::unknown;
    std::array<std::int64_t, 2> recorded_{};       ///< by lane
    std::array<std::int64_t, 2> deleted_ahead_{};  ///< likewise: up to there delete_ahead has looked
    std::unordered_map<RuleKey, std::optional<RuleValue>> repairs_;
    std::unordered_map<RuleKey, std::optional<RuleValue>> postponed_;  ///< repairs
    std::optional<Time> postponed_until_;
    int postponements_ = 0;
    std::map<RuleKey, Refused> refused_;
    bool refused_changed_ = false;
    std::vector<store::RefusedRule> loaded_refused_;
    bool suspect_ = false;
    std::optional<Audit> auditing_;
    std::optional<Time> checked_at_;
    std::optional<Time> audited_at_;
    std::optional<Time> not_audited_before_;
    ClassStatus status_;
};

}  // namespace garita::enforce
