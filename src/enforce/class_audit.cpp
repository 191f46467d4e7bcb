// How the keeper of a class looks after what it left on the device.

#include <algorithm>

#include "enforce/class_keeper.hpp"

namespace garita::enforce {
namespace {

constexpr std::size_t rows_kept = 1000;

}  // namespace

/// What one part of a reading has shown.
struct ClassKeeper::Reading {
    EntryTable known;  ///< entries that should be there, and are
    std::vector<ClassChange> changes;
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
    auditing_->counts.resize(auditing_->parts);
    auditing_->began = now;
    if (auditing_->parts > 1)
        shadow_.for_each([&](const RuleKey& key, const RuleValue&) {
            ++auditing_->counts[std::min(rules_.backend->part_of(key), auditing_->parts - 1)];
        });
    else
        auditing_->counts[0] = shadow_.size();
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
    const Time ended = clock ? clock() : now;
    audited_at_ = now;
    not_audited_before_ = ended + std::max(ended - auditing_->began, Duration(1)) * options_.audit_share;
    status_.differing = auditing_->differing;
    status_.found = std::move(auditing_->found);
    auditing_.reset();
    return Left::nothing;
}

Result<void> ClassKeeper::audit_part(std::size_t part, Time now) {
    Reading reading;
    const auto note = [&](const RuleKey& key, const std::optional<RuleValue>& should,
                          const std::optional<RuleValue>& was) {
        ++auditing_->differing;
        if (auditing_->found.size() < rows_kept) auditing_->found.push_back({key, should, was});
    };
    const auto read = rules_.backend->read_part(part, [&](const RuleKey& key, const RuleValue& value) {
        const auto should = shadow_.find(key);
        if (should) reading.known.put(key, value);
        if (should == value || foreign_.find(key) == value) return;
        note(key, should, value);
        if (should || rules_.foreign == ForeignEntries::remove)
            reading.changes.push_back({key, value, should});
        else
            foreign_.put(key, value);
    });
    if (!read) {
        forget_place();
        return read;
    }
    const std::size_t before = reading.changes.size();
    if (reading.known.size() != auditing_->counts[part]) find_missing(part, reading);
    for (std::size_t i = before; i < reading.changes.size(); ++i)
        note(reading.changes[i].key, reading.changes[i].after, std::nullopt);
    return mend(reading, now);
}

void ClassKeeper::find_missing(std::size_t part, Reading& reading) {
    shadow_.for_each([&](const RuleKey& key, const RuleValue& should) {
        if (auditing_->parts > 1 && rules_.backend->part_of(key) != part) return;
        if (!reading.known.contains(key)) reading.changes.push_back({key, std::nullopt, should});
    });
}

Result<void> ClassKeeper::mend(Reading& reading, Time now) {
    const std::size_t limit = rules_.backend->batch_size();
    for (std::size_t first = 0; first < reading.changes.size(); first += limit) {
        // A key may come twice where the device has two entries for it: one batch, one change a key.
        std::vector<ClassChange> batch;
        EntryTable in_batch;
        for (std::size_t i = first; i < std::min(first + limit, reading.changes.size()); ++i)
            if (in_batch.put(reading.changes[i].key, {}) == EntryTable::Put::added)
                batch.push_back(reading.changes[i]);
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
