// The audit trail of the memory store.

#include "fakes/memory_transaction.hpp"
#include "runtime/audit/audit_hash.hpp"

namespace garita::fakes {
namespace {

AuditEntry entry_of(const AuditRow& row) {
    return {
        row.seq,
        row.at,
        {parse_actor_kind(row.by_kind).value(), row.by_name, row.by_channel, parse_role(row.by_role).value()},
        row.verb,
        row.object,
        row.detail};
}

}  // namespace

std::vector<AuditEntry> MemoryTransaction::audit(const store::AuditQuery& query) {
    std::vector<AuditEntry> all;
    for (auto at = state_.audit.rbegin(); at != state_.audit.rend() && all.size() < query.limit; ++at)
        if ((query.object.empty() || at->second.object == query.object) &&
            (!query.before || at->first < *query.before) && (!query.since || at->second.at >= *query.since))
            all.push_back(entry_of(at->second));
    return all;
}

std::vector<AuditRow> MemoryTransaction::audit_rows(const store::AuditRange& range) {
    std::vector<AuditRow> all;
    for (auto at = state_.audit.upper_bound(range.after);
         at != state_.audit.end() && all.size() < range.limit; ++at)
        if ((range.object.empty() || at->second.object == range.object) &&
            (!range.since || at->second.at >= *range.since))
            all.push_back(at->second);
    return all;
}

AuditHead MemoryTransaction::audit_head() {
    return state_.audit.empty() ? AuditHead{} : head_of(state_.audit.rbegin()->second);
}

std::int64_t MemoryTransaction::add_audit(const AuditEntry& entry) {
    const auto row = runtime::audit::next_row(entry, audit_head());
    state_.audit.emplace(row.seq, row);
    return row.seq;
}

std::size_t MemoryTransaction::prune_audit(Time before, Time now, std::size_t limit) {
    if (state_.audit.empty() || now <= before ||
        state_.audit.begin()->second.at >= before - store::audit_prune_step)
        return 0;
    auto end = state_.audit.begin();
    AuditCut cut{0, {}, before};
    std::size_t removed = 0;
    for (; end != state_.audit.end() && removed < limit && end->second.at < before; ++end, ++removed) {
        cut.up_to = end->first;
        cut.hash = end->second.hash;
    }
    const auto vouching = add_audit(garita::entry_of(cut, now));
    state_.audit.erase(state_.audit.begin(), end == state_.audit.end() ? state_.audit.find(vouching) : end);
    return removed;
}

}  // namespace garita::fakes
