#include "enforce/class_keeper.hpp"

#include <algorithm>

namespace garita::enforce {

Duration BackOff::after(int failures) {
    Duration span = first_;
    for (int i = 1; i < failures && span < longest_; ++i)
        span *= 2;
    span = std::min(span, longest_);
    std::uniform_int_distribution<Duration::rep> jitter(span.count() / 2, span.count());
    return Duration(jitter(random_));
}

ClassKeeper::ClassKeeper(KeptClass rules, store::ClassBook& book, const ClassReconcilerOptions& options,
                         BackOff& back_off)
    : rules_(std::move(rules)), book_(book), options_(options), back_off_(back_off) {
    status_.name = rules_.name;
}

std::optional<RuleValue> ClassKeeper::entry_of(const std::optional<RuleValue>& want) const {
    return want == rules_.absent ? std::nullopt : want;
}

void ClassKeeper::remember(const RuleKey& key, const std::optional<RuleValue>& value) {
    foreign_.erase(key);
    if (!value) {
        shadow_.erase(key);
        return;
    }
    shadow_.put(key, *value);
    // What came to be there after its part was read is not missing.
    if (auditing_) shadow_.tick(key, *value);
}

Result<std::vector<ChangeFailure>> ClassKeeper::apply(const std::vector<ClassChange>& changes) {
    if (changes.empty()) return std::vector<ChangeFailure>{};
    auto failed = rules_.backend->apply(changes);
    if (!failed) {
        forget_place();  // a part may have been carried out
        return failed;
    }
    auto failure = failed->begin();
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (failure != failed->end() && failure->change == i)
            ++failure;
        else
            remember(changes[i].key, changes[i].after);
    }
    return failed;
}

store::RefusedRule ClassKeeper::refusal(const RuleKey& key, std::int64_t seq, const Error& error,
                                        int attempts, Time now) {
    store::RefusedRule refused{key, seq, error.text, attempts, std::nullopt};
    if (error.retry == Retry::later) refused.next_try = now + back_off_.after(attempts);
    return refused;
}

Result<ClassKeeper::Left> ClassKeeper::take(store::Lane lane, Time now) {
    auto& recorded = recorded_[static_cast<std::size_t>(lane)];
    const std::size_t limit = rules_.backend->batch_size();
    const auto rows = book_.pending(rules_.name, lane, recorded, limit);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->empty()) return Left::nothing;
    std::vector<ClassChange> changes;
    std::vector<std::size_t> row_of;
    std::map<RuleKey, Time> since;  // refused before, and wanted otherwise now
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto& row = (*rows)[i];
        repairs_.erase(row.key);  // this is newer
        postponed_.erase(row.key);
        const auto refused_before = refused_.find(row.key);
        if (refused_before != refused_.end()) since.emplace(row.key, refused_before->second.since);
        forget_refused(row.key);
        auto before = shadow_.find(row.key);
        auto after = entry_of(row.want);
        if (before == after && !foreign_.contains(row.key)) continue;
        changes.push_back({row.key, before, after});
        row_of.push_back(i);
    }
    const auto failed = apply(changes);
    if (!failed) return tl::unexpected(failed.error());
    std::vector<store::RefusedRule> refused;
    for (const auto& failure : *failed) {
        const auto& row = (*rows)[row_of[failure.change]];
        refused.push_back(refusal(row.key, row.seq, failure.error, 1, now));
    }
    if (auto done = book_.record(rules_.name, lane, rows->back().seq, refused, now); !done)
        return tl::unexpected(done.error());  // the same rows come again, and are found done
    recorded = rows->back().seq;
    for (std::size_t i = 0; i < refused.size(); ++i) {
        const auto before = since.find(refused[i].key);
        refused_[refused[i].key] = {refused[i], changes[(*failed)[i].change].after,
                                    before == since.end() ? now : before->second};
        refused_changed_ = true;
    }
    return rows->size() < limit ? Left::nothing : Left::more;
}

void ClassKeeper::postpone(const RuleKey& key, const std::optional<RuleValue>& want, const Error& error,
                           Time now) {
    postponed_[key] = want;
    status_.not_repaired = error.text;
    if (!postponed_until_) postponed_until_ = now + back_off_.after(++postponements_);
}

Result<ClassKeeper::Left> ClassKeeper::repair(Time now) {
    if (repairs_.empty() && postponed_until_ && now >= *postponed_until_) {
        repairs_.swap(postponed_);
        postponed_until_.reset();
    }
    if (repairs_.empty()) return Left::nothing;
    std::vector<ClassChange> changes;
    const std::size_t limit = rules_.backend->batch_size();
    for (const auto& [key, want] : repairs_) {
        if (changes.size() == limit) break;
        changes.push_back({key, shadow_.find(key), want});
    }
    const auto failed = apply(changes);
    if (!failed) return tl::unexpected(failed.error());
    for (const auto& change : changes)
        repairs_.erase(change.key);
    for (const auto& failure : *failed)
        postpone(changes[failure.change].key, changes[failure.change].after, failure.error, now);
    status_.repaired += changes.size() - failed->size();
    if (repairs_.empty() && postponed_.empty()) {
        postponements_ = 0;
        status_.not_repaired.clear();
    }
    return repairs_.empty() ? Left::nothing : Left::more;
}

Result<void> ClassKeeper::retry(Time now) {
    std::vector<ClassChange> changes;
    std::vector<store::RefusedRule> tried;
    for (const auto& [key, refused] : refused_) {
        if (!refused.rule.next_try || *refused.rule.next_try > now) continue;
        if (changes.size() == rules_.backend->batch_size()) break;
        changes.push_back({key, shadow_.find(key), refused.want});
        tried.push_back(refused.rule);
    }
    if (changes.empty()) return {};
    const auto failed = apply(changes);
    if (!failed) return tl::unexpected(failed.error());
    std::vector<store::RefusedRule> still;
    for (const auto& failure : *failed) {
        const auto& before = tried[failure.change];
        still.push_back(refusal(before.key, before.seq, failure.error, before.attempts + 1, now));
    }
    if (auto noted = book_.retried(rules_.name, tried, still, now); !noted) return noted;
    for (const auto& rule : tried) {
        const auto stays = std::find_if(still.begin(), still.end(),
                                        [&](const auto& refused) { return refused.key == rule.key; });
        if (stays == still.end())
            forget_refused(rule.key);
        else
            refused_[rule.key].rule = *stays, refused_changed_ = true;
    }
    return {};
}

Duration ClassKeeper::until_next(Time now) const {
    Time next = checked_at_.value_or(now) + options_.check_every;
    for (const auto& [key, refused] : refused_)
        if (refused.rule.next_try) next = std::min(next, *refused.rule.next_try);
    if (postponed_until_) next = std::min(next, *postponed_until_);
    if (suspect_ && not_audited_before_) next = std::min(next, *not_audited_before_);
    return std::max(next - now, Duration(1000));
}

void ClassKeeper::forget_refused(const RuleKey& key) {
    if (refused_.erase(key) != 0) refused_changed_ = true;
}

void ClassKeeper::find_oldest_refusal() {
    refused_changed_ = false;
    const auto oldest = std::min_element(refused_.begin(), refused_.end(), [](const auto& a, const auto& b) {
        return a.second.since < b.second.since;
    });
    const bool some = oldest != refused_.end();
    status_.refused_since = some ? std::optional(oldest->second.since) : std::nullopt;
    status_.why_refused = some ? oldest->second.rule.error : std::string();
}

ClassStatus ClassKeeper::status() {
    if (refused_changed_) find_oldest_refusal();
    ClassStatus status = status_;
    status.entries = shadow_.size();
    status.foreign = foreign_.size();
    status.refused = refused_.size();
    status.to_repair = repairs_.size() + postponed_.size();
    status.audited_at = audited_at_;
    return status;
}

}  // namespace garita::enforce
