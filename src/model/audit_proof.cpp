#include "model/audit_proof.hpp"

namespace garita {
namespace {

std::string row_text(std::int64_t seq) {
    return "row " + std::to_string(seq);
}

std::string rows_text(std::int64_t first, std::int64_t last) {
    return first == last ? row_text(first) + " is missing"
                         : "rows " + std::to_string(first) + " to " + std::to_string(last) + " are missing";
}

std::string kept_text(const KeptHead& kept) {
    const auto when = kept.head.at == Time{} ? std::string() : " of " + to_iso8601(kept.head.at);
    return kept.keeper + " has kept row " + std::to_string(kept.head.seq) + when + " with hash " +
           to_hex(kept.head.hash);
}

}  // namespace

std::string_view to_text(AuditFault::Kind kind) {
    switch (kind) {
        case AuditFault::Kind::changed:
            return "changed";
        case AuditFault::Kind::replaced:
            return "replaced";
        case AuditFault::Kind::missing:
            return "missing";
        case AuditFault::Kind::out_of_order:
            return "out_of_order";
        case AuditFault::Kind::cut_off:
            return "cut_off";
        case AuditFault::Kind::other_history:
            return "other_history";
        case AuditFault::Kind::removed_early:
            return "removed_early";
        case AuditFault::Kind::unreadable:
            return "unreadable";
    }
    return "changed";
}

std::vector<KeptHead> kept_heads(const std::vector<AgentHeads>& of_agents) {
    std::vector<KeptHead> all;
    for (const auto& one : of_agents)
        for (const auto& head : one.heads)
            all.push_back({"agent " + one.agent, head});
    return all;
}

AuditProof::AuditProof(AuditHashFunction hash, const std::vector<KeptHead>& heads, Extent extent)
    : hash_(hash), extent_(extent) {
    for (const auto& kept : heads)
        if (kept.head.seq > 0) heads_.emplace(kept.head.seq, kept);
    next_head_ = heads_.cbegin();
}

void AuditProof::fault(AuditFault::Kind kind, std::int64_t seq, std::optional<Time> at, std::string text) {
    if (!verdict_.fault) verdict_.fault = AuditFault{kind, seq, at, std::move(text)};
}

AuditProof::Next AuditProof::take(const AuditRow& row) {
    if (verdict_.fault) return Next::stop;
    if (hash_(canonical_form(row)) != row.hash)
        fault(AuditFault::Kind::changed, row.seq, row.at,
              row_text(row.seq) + " was changed: it does not fit its own hash");
    else if (verdict_.rows == 0)
        begin(row);
    else
        check_link(row);
    if (!verdict_.fault) check_heads(row);
    if (verdict_.fault) return Next::stop;
    ++verdict_.rows;
    verdict_.head = head_of(row);
    if (const auto cut = cut_of(row); cut && cut->up_to == verdict_.first - 1 && cut->hash == before_first_)
        verdict_.cut = cut;
    return Next::go_on;
}

void AuditProof::begin(const AuditRow& row) {
    verdict_.first = row.seq;
    before_first_ = row.prev;
    if (row.seq < 1)
        fault(AuditFault::Kind::out_of_order, row.seq, row.at, "rows are numbered from 1 on");
    else if (row.seq == 1 && row.prev != AuditHash{})
        fault(AuditFault::Kind::replaced, 1, row.at, "row 1 says that there was a row before it");
}

void AuditProof::check_link(const AuditRow& row) {
    const auto& last = verdict_.head;
    if (row.seq <= last.seq)
        return fault(AuditFault::Kind::out_of_order, row.seq, row.at,
                     row_text(row.seq) + " comes after row " + std::to_string(last.seq));
    if (row.seq > last.seq + 1) {
        if (extent_ == Extent::excerpt) return void(++verdict_.gaps);
        return fault(AuditFault::Kind::missing, last.seq + 1, row.at,
                     rows_text(last.seq + 1, row.seq - 1) + ": row " + std::to_string(row.seq) + " of " +
                         to_iso8601(row.at) + " follows row " + std::to_string(last.seq) + " of " +
                         to_iso8601(last.at));
    }
    if (row.prev != last.hash)
        fault(AuditFault::Kind::replaced, last.seq, last.at,
              row_text(last.seq) + " was replaced: row " + std::to_string(row.seq) +
                  " continues another one, with hash " + to_hex(row.prev));
}

void AuditProof::check_heads(const AuditRow& row) {
    for (; next_head_ != heads_.cend() && next_head_->first <= row.seq; ++next_head_) {
        const auto& kept = next_head_->second;
        if (kept.head.seq < row.seq) continue;  // of rows that were taken away: looked at in the end
        if (kept.head.hash == row.hash) {
            ++verdict_.heads_equal;
            last_confirmed_ = row.seq;
            continue;
        }
        return fault(AuditFault::Kind::other_history, row.seq, row.at,
                     row_text(row.seq) + " is not the one that was written: " + kept_text(kept) +
                         "; the chain was computed anew from a row after " + std::to_string(last_confirmed_) +
                         " on");
    }
}

/// The first row must be the first that was ever written, or a row must say where those before it went.
void AuditProof::check_start() {
    if (verdict_.rows == 0 || verdict_.first == 1 || extent_ == Extent::excerpt) return;
    if (!verdict_.cut)
        return fault(
            AuditFault::Kind::missing, 1, std::nullopt,
            rows_text(1, verdict_.first - 1) + ": no row says that they were taken away for their age");
    for (const auto& [seq, kept] : heads_) {
        if (seq >= verdict_.first) return;
        if (kept.head.at >= verdict_.cut->older_than)
            return fault(AuditFault::Kind::removed_early, seq, kept.head.at,
                         row_text(seq) + " was taken away as older than " +
                             to_iso8601(verdict_.cut->older_than) + ", which it was not: " + kept_text(kept));
        if (seq == verdict_.cut->up_to && kept.head.hash != verdict_.cut->hash)
            return fault(AuditFault::Kind::other_history, seq, kept.head.at,
                         row_text(seq) + " was another one: " + kept_text(kept));
    }
}

void AuditProof::check_end() {
    if (next_head_ == heads_.cend() || extent_ == Extent::excerpt) return;
    const auto& kept = heads_.crbegin()->second;  // the farthest
    fault(AuditFault::Kind::cut_off, verdict_.head.seq + 1, next_head_->second.head.at,
          "cut off at the end: " + rows_text(verdict_.head.seq + 1, kept.head.seq) + ": " + kept_text(kept));
}

void AuditProof::take_unreadable(std::string text) {
    fault(AuditFault::Kind::unreadable, verdict_.head.seq + 1, std::nullopt, std::move(text));
}

AuditVerdict AuditProof::finish() {
    if (!verdict_.fault) check_start();
    if (!verdict_.fault) check_end();
    return verdict_;
}

}  // namespace garita
