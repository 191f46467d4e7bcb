#include "adapters/hub_link/audit_watch.hpp"

#include <algorithm>

namespace garita::hub_link {
namespace {

constexpr std::size_t last_ones = 24;
constexpr std::size_t of_all_times = 100;

std::string in_words(const AuditHead& head) {
    return "row " + std::to_string(head.seq) + " of " + to_iso8601(head.at) + ", hash " + to_hex(head.hash);
}

/// What cannot be true together; empty: it can.
std::string_view contradiction(const store::HeldHead& kept, const std::string& store_id,
                               const AuditHead& told) {
    if (kept.store_id != store_id) return "another store";
    if (told.seq < kept.head.seq) return "rows are gone";
    if (told.seq == kept.head.seq && told.hash != kept.head.hash) return "a row was changed";
    return {};
}

Alert alert_about(const std::string& device, std::string_view problem, const store::HeldHead& kept,
                  const std::string& store_id, const AuditHead& told, Time now) {
    Alert alert;
    // the same contradiction again is the same alert, also after a restart in between
    alert.uid = "audit_broken " + kept.store_id.substr(0, 8) + " " + std::to_string(kept.head.seq) + " " +
                store_id.substr(0, 8) + " " + std::to_string(told.seq) + " " +
                to_hex(told.hash).substr(0, 16);
    alert.device = device;
    alert.kind = "audit_broken";
    alert.subject = "audit";
    alert.severity = Severity::critical;
    alert.at = now;
    alert.facts = {
        {"problem", std::string(problem)}, {"kept", in_words(kept.head)}, {"told", in_words(told)}};
    return alert;
}

}  // namespace

AuditWatch::AuditWatch(store::AgentStore& store, std::string device, Raise raise)
    : store_(store), device_(std::move(device)), raise_(std::move(raise)) {}

Result<void> AuditWatch::load() {
    if (loaded_) return {};
    auto all = store_.held_heads();
    if (!all) return tl::unexpected(all.error());
    if (!all->empty()) newest_ = std::move(all->back());
    loaded_ = true;
    return {};
}

Result<void> AuditWatch::take(const std::string& store_id, const AuditHead& told, Time now) {
    if (const auto ready = load(); !ready) return ready;
    if (!newest_ && told.seq == 0) return {};
    store::HeldHead next{store_id, newest_ ? newest_->line : 1, told, now};
    if (newest_) {
        if (newest_->store_id == store_id && newest_->head == told) return {};
        const auto problem = contradiction(*newest_, store_id, told);
        if (!problem.empty()) {
            if (const auto raised = raise_(alert_about(device_, problem, *newest_, store_id, told, now));
                !raised)
                return raised;
            ++next.line;
        }
    }
    if (const auto held = store_.hold_head(next); !held) return held;
    newest_ = std::move(next);
    return {};
}

Result<std::vector<AuditHead>> AuditWatch::kept(const std::string& store_id, Extent extent) {
    if (const auto ready = load(); !ready) return tl::unexpected(ready.error());
    std::vector<AuditHead> all;
    if (extent == Extent::newest) {
        if (newest_ && newest_->store_id == store_id) all.push_back(newest_->head);
        return all;
    }
    const auto held = store_.held_heads();
    if (!held) return tl::unexpected(held.error());
    for (const auto& one : *held)
        if (one.store_id == store_id && one.head.seq > 0) all.push_back(one.head);
    if (all.size() <= last_ones + of_all_times) return all;
    std::vector<AuditHead> some;
    const auto old = all.size() - last_ones;
    for (std::size_t i = 0; i < of_all_times; ++i)
        some.push_back(all[i * old / of_all_times]);
    some.insert(some.end(), all.end() - static_cast<std::ptrdiff_t>(last_ones), all.end());
    return some;
}

}  // namespace garita::hub_link
