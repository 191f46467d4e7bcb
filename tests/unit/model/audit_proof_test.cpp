#include "model/audit_proof.hpp"

#include <gtest/gtest.h>

namespace garita {
namespace {

using Kind = AuditFault::Kind;

/// Good enough to tell texts apart; the real one is tested where it is.
AuditHash toy_hash(std::string_view text) {
    AuditHash hash{};
    std::uint64_t state = 1469598103934665603ULL;
    for (std::size_t i = 0; i < text.size() + hash.size(); ++i) {
        state = (state ^ (i < text.size() ? static_cast<unsigned char>(text[i]) : 7U)) * 1099511628211ULL;
        hash[i % hash.size()] ^= static_cast<std::uint8_t>(state >> 32U);
    }
    return hash;
}

Time at(std::int64_t n) {
    return from_micros(1'800'000'000'000'000 + n * 1'000'000);
}

std::vector<AuditRow> chain(std::int64_t count, const std::string& detail = "block") {
    std::vector<AuditRow> rows;
    AuditHead head;
    for (std::int64_t n = 1; n <= count; ++n) {
        rows.push_back(chained({0,
                                at(n),
                                {Actor::Kind::person, "ana", "cli", Role::operator_},
                                "decide",
                                "case " + std::to_string(n),
                                detail},
                               head, toy_hash));
        head = head_of(rows.back());
    }
    return rows;
}

/// Computes the chain anew from this index on, as whoever can write the store could.
void rehash(std::vector<AuditRow>& rows, std::size_t from) {
    for (auto i = from; i < rows.size(); ++i) {
        rows[i].prev = i == 0 ? AuditHash{} : rows[i - 1].hash;
        rows[i].hash = toy_hash(canonical_form(rows[i]));
    }
}

AuditVerdict prove(const std::vector<AuditRow>& rows, const std::vector<KeptHead>& heads = {},
                   AuditProof::Extent extent = AuditProof::Extent::whole) {
    AuditProof proof(toy_hash, heads, extent);
    for (const auto& row : rows)
        if (proof.take(row) == AuditProof::Next::stop) break;
    return proof.finish();
}

void expect_fault(const AuditVerdict& verdict, Kind kind, std::int64_t seq) {
    ASSERT_TRUE(verdict.fault);
    EXPECT_EQ(to_text(verdict.fault->kind), to_text(kind)) << verdict.fault->text;
    EXPECT_EQ(verdict.fault->seq, seq) << verdict.fault->text;
    EXPECT_NE(verdict.fault->text.find(std::to_string(seq)), std::string::npos) << verdict.fault->text;
}

TEST(AuditProof, OfAWholeChain) {
    const auto rows = chain(10);
    const auto verdict = prove(rows, {{"agent web1", head_of(rows[3])}, {"agent web2", head_of(rows[9])}});
    EXPECT_FALSE(verdict.fault);
    EXPECT_EQ(verdict.rows, 10);
    EXPECT_EQ(verdict.head, head_of(rows[9]));
    EXPECT_EQ(verdict.heads_equal, 2);
    EXPECT_EQ(prove({}).rows, 0);
    EXPECT_FALSE(prove({}).fault);
}

TEST(AuditProof, EveryFieldCounts) {
    const auto change = [](auto edit) {
        auto rows = chain(5);
        edit(rows[2]);
        expect_fault(prove(rows), Kind::changed, 3);
    };
    change([](AuditRow& row) { row.at += Duration{1}; });
    change([](AuditRow& row) { row.by_kind = "system"; });
    change([](AuditRow& row) { row.by_name = "eve"; });
    change([](AuditRow& row) { row.by_channel = "rest"; });
    change([](AuditRow& row) { row.by_role = "administrator"; });
    change([](AuditRow& row) { row.verb = "rule_set"; });
    change([](AuditRow& row) { row.object += "0"; });
    change([](AuditRow& row) { row.detail = "allow"; });
    change([](AuditRow& row) { row.prev[0] ^= 1; });
    change([](AuditRow& row) { row.hash[31] ^= 1; });
    // the border between two texts counts too
    change([](AuditRow& row) { row.verb += row.object.front(), row.object.erase(0, 1); });
}

TEST(AuditProof, NamesARowThatWasReplacedWithItsHash) {
    auto rows = chain(5);
    rows[2].detail = "allow";
    rows[2].hash = toy_hash(canonical_form(rows[2]));
    expect_fault(prove(rows), Kind::replaced, 3);
    rows = chain(5);
    rows[0].prev[5] = 1;
    rows[0].hash = toy_hash(canonical_form(rows[0]));
    expect_fault(prove(rows), Kind::replaced, 1);
}

TEST(AuditProof, NamesWhatIsMissing) {
    auto rows = chain(9);
    rows.erase(rows.begin() + 3, rows.begin() + 6);
    expect_fault(prove(rows), Kind::missing, 4);
    EXPECT_NE(prove(rows).fault->text.find("rows 4 to 6"), std::string::npos);
    rows = chain(9);
    rows.erase(rows.begin(), rows.begin() + 2);
    expect_fault(prove(rows), Kind::missing, 1);
    const auto part = prove(rows, {}, AuditProof::Extent::excerpt);
    EXPECT_FALSE(part.fault);
    EXPECT_EQ(part.rows, 7);
}

TEST(AuditProof, NamesWhatChangedPlaces) {
    auto rows = chain(6);
    std::swap(rows[2], rows[4]);
    expect_fault(prove(rows), Kind::missing, 3);
    rows = chain(6);
    std::swap(rows[2].seq, rows[4].seq);
    std::swap(rows[2], rows[4]);  // as a store would deliver them: in order of their new numbers
    expect_fault(prove(rows), Kind::changed, 3);
    rows = chain(6);
    rows.push_back(rows[2]);
    expect_fault(prove(rows), Kind::out_of_order, 3);
}

TEST(AuditProof, AnEndThatWasCutIsKnownFromAKeptHead) {
    auto rows = chain(10);
    const std::vector<KeptHead> kept = {{"agent web1", head_of(rows[9])}, {"agent web1", head_of(rows[7])}};
    rows.resize(6);
    EXPECT_FALSE(prove(rows).fault) << "from within it cannot be seen";
    expect_fault(prove(rows, kept), Kind::cut_off, 7);
    EXPECT_NE(prove(rows, kept).fault->text.find("rows 7 to 10"), std::string::npos);
    EXPECT_NE(prove(rows, kept).fault->text.find("agent web1"), std::string::npos);
    expect_fault(prove({}, kept), Kind::cut_off, 1);
}

TEST(AuditProof, AChainComputedAnewIsKnownFromAKeptHead) {
    auto rows = chain(10);
    const std::vector<KeptHead> kept = {{"agent web1", head_of(rows[2])}, {"agent web2", head_of(rows[8])}};
    rows[4].detail = "allow";
    rehash(rows, 4);
    EXPECT_FALSE(prove(rows).fault) << "from within it cannot be seen";
    expect_fault(prove(rows, kept), Kind::other_history, 9);
    EXPECT_NE(prove(rows, kept).fault->text.find("after 3 on"), std::string::npos)
        << prove(rows, kept).fault->text;
}

TEST(AuditProof, OnlyTheRowAboutThePruningVouchesForAMissingStart) {
    auto rows = chain(8);
    const AuditCut cut{3, rows[2].hash, at(4)};
    rows.push_back(chained(entry_of(cut, at(9)), head_of(rows.back()), toy_hash));
    EXPECT_EQ(cut_of(rows.back()), cut);
    const auto all = rows;
    rows.erase(rows.begin(), rows.begin() + 3);
    EXPECT_FALSE(prove(rows).fault);
    EXPECT_EQ(prove(rows).cut, cut);
    EXPECT_FALSE(prove(rows, {{"agent web1", head_of(all[2])}}).fault);
    auto other = head_of(all[2]);
    other.hash[0] ^= 1;
    expect_fault(prove(rows, {{"agent web1", other}}), Kind::other_history, 3);
    expect_fault(prove(rows, {{"agent web1", {2, {}, at(5)}}}), Kind::removed_early, 2);
    rows.erase(rows.begin());
    expect_fault(prove(rows), Kind::missing, 1);
}

TEST(AuditProof, HashesAsText) {
    const auto hash = toy_hash("x");
    EXPECT_EQ(parse_audit_hash(to_hex(hash)), hash);
    EXPECT_FALSE(parse_audit_hash(to_hex(hash).substr(1)));
    EXPECT_FALSE(parse_audit_hash(std::string(64, 'g')));
}

TEST(AuditProof, AnyTextIsNoPruning) {
    AuditRow row;
    row.by_kind = "system";
    row.verb = "audit_pruned";
    row.object = "audit";
    for (const auto* text : {"", "up to row ", "up to row 5", "up to row 5 (hash zz), older than 1 us",
                             "up to row x (hash 00"}) {
        row.detail = text;
        EXPECT_FALSE(cut_of(row)) << text;
    }
}

}  // namespace
}  // namespace garita
