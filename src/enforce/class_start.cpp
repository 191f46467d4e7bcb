// How the keeper of a class begins: what does the device hold, what should it hold?

#include <algorithm>

#include "enforce/class_keeper.hpp"

namespace garita::enforce {

using store::Lane;

Result<void> ClassKeeper::load_positions() {
    for (const Lane lane : {Lane::quick, Lane::bulk}) {
        const auto recorded = book_.recorded(rules_.name, lane);
        if (!recorded) return tl::unexpected(recorded.error());
        recorded_[static_cast<std::size_t>(lane)] = *recorded;
        deleted_ahead_[static_cast<std::size_t>(lane)] = *recorded;
    }
    auto refused = book_.refused(rules_.name);
    if (!refused) return tl::unexpected(refused.error());
    loaded_refused_ = std::move(*refused);
    return {};
}

/// Positions first: a change between the two is in `wanted` already, and comes again as a pending one.
Result<EntryTable> ClassKeeper::wanted() {
    EntryTable wanted;
    const auto read = book_.wanted(rules_.name, [&](const RuleKey& key, const RuleValue& want) {
        if (want != rules_.absent) wanted.put(key, want);
    });
    if (!read) return tl::unexpected(read.error());
    return wanted;
}

void ClassKeeper::load_refused(const EntryTable& wanted, Time now) {
    const auto before = std::move(refused_);
    refused_.clear();
    refused_changed_ = true;
    for (auto& rule : loaded_refused_) {
        const auto want = wanted.find(rule.key);
        const RuleKey key = rule.key;
        const auto known = before.find(key);
        refused_[key] = {std::move(rule), want, known == before.end() ? now : known->second.since};
    }
    loaded_refused_.clear();
}

void ClassKeeper::note_placed(Time now) {
    place_ = Place::known;
    checked_at_ = audited_at_ = now;
    suspect_ = false;
    auditing_.reset();
}

/// Refused ones that are as they should be after all.
Result<void> ClassKeeper::settle_refused(Time now) {
    std::vector<store::RefusedRule> settled;
    for (const auto& [key, refused] : refused_)
        if (shadow_.find(key) == refused.want) settled.push_back(refused.rule);
    if (settled.empty()) return {};
    if (auto noted = book_.retried(rules_.name, settled, {}, now); !noted) return noted;
    for (const auto& rule : settled)
        forget_refused(rule.key);
    return {};
}

Result<void> ClassKeeper::start(Time now) {
    repairs_.clear();
    postponed_.clear();
    postponed_until_.reset();
    status_.not_repaired.clear();
    if (auto loaded = load_positions(); !loaded) return loaded;
    auto wanted_now = wanted();
    if (!wanted_now) return tl::unexpected(wanted_now.error());
    load_refused(*wanted_now, now);
    const auto drift = rules_.backend->check(wanted_now->size());
    if (!drift) return tl::unexpected(drift.error());
    // Where nothing is in force yet, all of it comes into force at once.
    if (*drift == Drift::structure) return replace_by(std::move(*wanted_now), now);
    if (auto ready = rules_.backend->prepare(); !ready) return ready;
    return compare(std::move(*wanted_now), now);
}

Result<void> ClassKeeper::compare(EntryTable wanted, Time now) {
    shadow_.clear();
    foreign_.clear();
    const auto read = rules_.backend->read_back([&](const RuleKey& key, const RuleValue& value) {
        // of two for one key, what is not wanted has to be seen
        if (wanted.find(key) != value || !shadow_.contains(key)) shadow_.put(key, value);
    });
    if (!read) return read;
    std::vector<RuleKey> foreign;
    shadow_.for_each([&](const RuleKey& key, const RuleValue&) {
        if (wanted.contains(key)) return;
        if (rules_.foreign == ForeignEntries::remove)
            repairs_.emplace(key, std::nullopt);
        else
            foreign.push_back(key);
    });
    for (const auto& key : foreign) {
        foreign_.put(key, shadow_.find(key).value());
        shadow_.erase(key);
    }
    wanted.for_each([&](const RuleKey& key, const RuleValue& want) {
        if (shadow_.find(key) != want && !refused_.contains(key)) repairs_.emplace(key, want);
    });
    if (repairs_.size() > options_.most_repairs) return replace_by(std::move(wanted), now);
    note_placed(now);
    return settle_refused(now);
}

Result<void> ClassKeeper::replace_by(EntryTable wanted, Time now) {
    const auto all = [&](const EntrySink& sink) { wanted.for_each(sink); };
    const auto failed = rules_.backend->rebuild(all, wanted.size());
    if (!failed) {
        forget_place();
        return tl::unexpected(failed.error());
    }
    repairs_.clear();
    postponed_.clear();
    postponed_until_.reset();
    status_.not_repaired.clear();
    foreign_.clear();
    std::vector<std::pair<RuleKey, Error>> missing;
    if (!failed->empty()) {
        std::size_t place = 0;
        auto failure = failed->begin();
        wanted.for_each([&](const RuleKey& key, const RuleValue&) {
            if (failure != failed->end() && failure->change == place++)
                missing.emplace_back(key, (failure++)->error);
        });
    }
    for (const auto& [key, error] : missing) {
        if (!refused_.contains(key)) postpone(key, wanted.find(key), error, now);
        wanted.erase(key);
    }
    shadow_ = std::move(wanted);
    ++status_.rebuilds;
    note_placed(now);
    return settle_refused(now);
}

Result<ClassKeeper::Left> ClassKeeper::delete_ahead(Lane lane) {
    const auto at = static_cast<std::size_t>(lane);
    deleted_ahead_[at] = std::max(deleted_ahead_[at], recorded_[at]);
    const std::size_t limit = rules_.backend->batch_size();
    const auto rows = book_.pending(rules_.name, lane, deleted_ahead_[at], limit);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->empty()) return Left::nothing;
    std::vector<ClassChange> changes;
    for (const auto& row : *rows)
        if (auto before = shadow_.find(row.key); before && !entry_of(row.want))
            changes.push_back({row.key, before, std::nullopt});
    // refused ones are tried again, and noted, in their turn
    if (const auto failed = apply(changes); !failed) return tl::unexpected(failed.error());
    deleted_ahead_[at] = rows->back().seq;
    return rows->size() < limit ? Left::nothing : Left::more;
}

Result<void> ClassKeeper::rebuild(Time now) {
    if (auto loaded = load_positions(); !loaded) return loaded;
    auto all = wanted();
    if (!all) return tl::unexpected(all.error());
    load_refused(*all, now);
    return replace_by(std::move(*all), now);
}

}  // namespace garita::enforce
