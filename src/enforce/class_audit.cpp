// How the keeper of a class looks after what it left on the device.

#include <algorithm>

#include "enforce/class_keeper.hpp"

namespace garita::enforce {
namespace {

constexpr std::size_t rows_kept = 1000;

}  // namespace

/// What one part of a reading shows, beside what should be there. Looked up some entries behind the reading:
/// by then their memory has come.
class ClassKeeper::Reading {
  public:
    explicit Reading(ClassKeeper& keeper) : keeper_(keeper) { ahead_.reserve(ahead_of_time); }

    void add(const RuleKey& key, const RuleValue& value) {
        keeper_.shadow_.prefetch(key);
        if (ahead_.size() == ahead_of_time) compare();
        ahead_.emplace_back(key, value);
    }
    /// What has to be done about it.
    std::vector<ClassChange> finish() {
        compare();
        return std::move(changes_);
    }

  private:
    static constexpr std::size_t ahead_of_time = 64;

    void compare() {
        for (const auto& [key, value] : ahead_)
            if (keeper_.shadow_.tick(key, value) != EntryTable::Tick::same) note(key, value);
        ahead_.clear();
    }
    void note(const RuleKey& key, const RuleValue& value) {
        if (keeper_.foreign_.find(key) == value) return;
        const auto should = keeper_.shadow_.find(key);
        keeper_.note_difference({key, should, value});
        if (should || keeper_.rules_.foreign == ForeignEntries::remove)
            changes_.push_back({key, value, should});
        else
            keeper_.foreign_.put(key, value);
    }

    ClassKeeper& keeper_;
    std::vector<std::pair<RuleKey, RuleValue>> ahead_;
    std::vector<ClassChange> changes_;
};

Result<void> ClassKeeper::check(Time now) {
    if (checked_at_ && now >= *checked_at_ && now < *checked_at_ + options_.check_every) return {};
    const auto drift = rules_.backend->check(shadow_.size() + foreign_.size());
    if (!drift) return tl::unexpected(drift.error());
    checked_at_ = now;
    if (*drift == Drift::structure) {
        forget_place();
        return start(now);
    }
    if (*drift == Drift::possible) suspect_ = true;
    return {};
}

void ClassKeeper::begin_audit(Time now) {
    suspect_ = false;
    auditing_ = Audit{};
    auditing_->parts = rules_.backend->parts();
    auditing_->began = now;
    shadow_.untick_all();
}

Result<ClassKeeper::Left> ClassKeeper::audit(Time now, const std::function<Time()>& clock) {
    if (!auditing_) {
        const bool by_time = !audited_at_ || now < *audited_at_ || now >= *audited_at_ + options_.audit_every;
        const bool allowed = !not_audited_before_ || now >= *not_audited_before_ ||
                             *not_audited_before_ - now > options_.audit_every;
        if (!by_time && !(suspect_ && allowed)) return Left::nothing;
        begin_audit(now);
    }
    if (rules_.backend->parts() != auditing_->parts) {  // it has grown meanwhile
        begin_audit(now);
    }
    if (auto looked = audit_part(auditing_->next, now); !looked) return tl::unexpected(looked.error());
    if (++auditing_->next < auditing_->parts) return Left::more;
    if (auto mended = mend(missing(), now); !mended) return tl::unexpected(mended.error());
    const Time ended = clock ? clock() : now;
    audited_at_ = now;
    not_audited_before_ = ended + std::max(ended - auditing_->began, Duration(1)) * options_.audit_share;
    status_.differing = auditing_->differing;
    status_.found = std::move(auditing_->found);
    auditing_.reset();
    return Left::nothing;
}

Result<void> ClassKeeper::audit_part(std::size_t part, Time now) {
    Reading reading(*this);
    const auto read = rules_.backend->read_part(
        part, [&](const RuleKey& key, const RuleValue& value) { reading.add(key, value); });
    if (!read) {
        forget_place();
        return read;
    }
    return mend(reading.finish(), now);
}

void ClassKeeper::note_difference(const DriftRow& row) {
    ++auditing_->differing;
    if (auditing_->found.size() < rows_kept) auditing_->found.push_back(row);
}

/// What no part has shown.
std::vector<ClassChange> ClassKeeper::missing() {
    std::vector<ClassChange> changes;
    shadow_.for_each_unticked([&](const RuleKey& key, const RuleValue& should) {
        changes.push_back({key, std::nullopt, should});
        note_difference({key, should, std::nullopt});
    });
    return changes;
}

Result<void> ClassKeeper::mend(const std::vector<ClassChange>& changes, Time now) {
    const std::size_t limit = rules_.backend->batch_size();
    for (std::size_t first = 0; first < changes.size(); first += limit) {
        // A key may come twice where the device has two entries for it: one batch, one change a key.
        std::vector<ClassChange> batch;
        EntryTable in_batch;
        for (std::size_t i = first; i < std::min(first + limit, changes.size()); ++i)
            if (in_batch.put(changes[i].key, {}) == EntryTable::Put::added)
                batch.push_back(changes[i]);
            else
                suspect_ = true;
        const auto failed = rules_.backend->apply(batch);
        if (!failed) {
            forget_place();
            return tl::unexpected(failed.error());
        }
        status_.repaired += batch.size() - failed->size();
        for (const auto& failure : *failed) {
            const auto& change = batch[failure.change];
            remember(change.key, change.before);
            postpone(change.key, change.after, failure.error, now);
        }
    }
    return {};
}

}  // namespace garita::enforce
