// Any bytes as an export of the audit trail, and the first line as the text of true rows. Invariants: a row
// that was read is written in a form that reads the same; a verdict comes without a throw, and its words are
// printable; a true chain is proven, and not with one of its rows changed or taken out.

#include <vector>

#include "fuzz/target.hpp"
#include "model/audit_proof.hpp"
#include "runtime/audit/audit_hash.hpp"
#include "runtime/audit/audit_json.hpp"
#include "runtime/json/text.hpp"

namespace {

using namespace garita;
namespace audit = runtime::audit;

AuditRow read_line(std::string_view line) {
    const auto row = audit::parse_audit_line(line);
    fuzz::must(row.has_value());
    return *row;
}

std::string line_of(const AuditRow& row) {
    return runtime::json::serialize(audit::to_json(row));
}

AuditVerdict verdict_on(std::string_view lines, AuditProof::Extent extent) {
    AuditProof proof(audit::blake2b_256, {}, extent);
    while (!lines.empty()) {
        const auto [line, rest] = fuzz::first_line(lines);
        lines = rest;
        const auto row = audit::parse_audit_line(line);
        if (!row) {
            fuzz::must(fuzz::printable(row.error().text) && !row.error().text.empty());
            proof.take_unreadable(row.error().text);
            break;
        }
        fuzz::must(read_line(line_of(*row)) == *row);
        if (proof.take(*row) == AuditProof::Next::stop) break;
    }
    return proof.finish();
}

std::vector<AuditRow> true_rows(std::string_view detail) {
    std::vector<AuditRow> rows;
    AuditHead head;
    for (int i = 0; i < 3; ++i) {
        AuditEntry entry;
        entry.at = Time(std::chrono::hours(490000 + i));
        entry.actor.name = std::string(detail.substr(0, 20));
        entry.verb = "noted";
        entry.detail = std::string(detail);
        rows.push_back(audit::next_row(std::move(entry), head));
        head = head_of(rows.back());
    }
    return rows;
}

std::string lines_of(const std::vector<AuditRow>& rows) {
    std::string lines;
    for (const auto& row : rows)
        lines += line_of(row) + "\n";
    return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    for (const auto extent : {AuditProof::Extent::whole, AuditProof::Extent::excerpt}) {
        const auto verdict = verdict_on(text, extent);
        if (verdict.fault) fuzz::must(!verdict.fault->text.empty());
    }
    auto rows = true_rows(fuzz::first_line(text).first);
    const auto proven = verdict_on(lines_of(rows), AuditProof::Extent::whole);
    fuzz::must(!proven.fault && proven.rows == 3 && proven.head == head_of(rows.back()));
    auto changed = rows;
    changed[size % 3].detail += '.';
    fuzz::must(verdict_on(lines_of(changed), AuditProof::Extent::excerpt).fault.has_value());
    rows.erase(rows.begin() +
               static_cast<std::ptrdiff_t>(size % 2));  // the last one's absence only a kept head tells
    fuzz::must(verdict_on(lines_of(rows), AuditProof::Extent::whole).fault.has_value());
    return 0;
}
