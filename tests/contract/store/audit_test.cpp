// The audit trail as a chain: written with what it tells about, readable as it is kept, cut only at its
// start.

#include "contract/store_contract.hpp"
#include "model/audit_proof.hpp"
#include "runtime/audit/audit_hash.hpp"

namespace garita::store::contract {
namespace {

using runtime::audit::blake2b_256;

class StoreAudit : public StoreContract {
  protected:
    void record(int n, const std::string& object = "case 1") {
        write([&](Transaction& tx) {
            tx.add_audit({0,
                          at(n),
                          {Actor::Kind::person, "ana", "cli", Role::operator_},
                          "decide",
                          object,
                          "block " + std::to_string(n)});
        });
    }
    std::vector<AuditRow> rows(const AuditRange& range = {}) {
        std::vector<AuditRow> found;
        read([&](View& view) { found = view.audit_rows(range); });
        return found;
    }
    AuditVerdict proof(const std::vector<KeptHead>& kept = {}) {
        AuditProof proof(blake2b_256, kept);
        for (const auto& row : rows({.limit = 100'000}))
            if (proof.take(row) == AuditProof::Next::stop) break;
        return proof.finish();
    }
    AuditHead head() {
        AuditHead found;
        read([&](View& view) { found = view.audit_head(); });
        return found;
    }
};

TEST_P(StoreAudit, EachRowContinuesTheOneBefore) {
    EXPECT_EQ(head(), AuditHead{});
    for (int n = 1; n <= 5; ++n)
        record(n);
    const auto all = rows();
    ASSERT_EQ(all.size(), 5U);
    AuditHash prev{};
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].seq, static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(all[i].prev, prev);
        EXPECT_EQ(all[i].hash, blake2b_256(canonical_form(all[i])));
        prev = all[i].hash;
    }
    EXPECT_EQ(all[2].by_kind, "person");
    EXPECT_EQ(all[2].by_role, "operator");
    EXPECT_EQ(all[2].detail, "block 3");
    EXPECT_EQ(head(), head_of(all.back()));
    const auto verdict = proof({{"agent web1", head_of(all[2])}});
    EXPECT_FALSE(verdict.fault);
    EXPECT_EQ(verdict.rows, 5);
    EXPECT_EQ(verdict.heads_equal, 1);
}

TEST_P(StoreAudit, AWriteThatFailsLeavesNoLink) {
    record(1);
    const auto failed = store().write([&](Transaction& tx) -> Result<void> {
        tx.add_audit({0, at(2), {}, "start", "hub", ""});
        return fail(ErrorCode::invalid, "on purpose");
    });
    EXPECT_FALSE(failed);
    record(3);
    EXPECT_EQ(rows().size(), 2U);
    EXPECT_EQ(rows()[1].seq, 2) << "no number is lost";
    EXPECT_FALSE(proof().fault);
}

TEST_P(StoreAudit, ReadsRangesAndSince) {
    for (int n = 1; n <= 6; ++n)
        record(n, "case " + std::to_string(n % 2));
    EXPECT_EQ(rows({.after = 4}).size(), 2U);
    EXPECT_EQ(rows({.after = 1, .limit = 2}).front().seq, 2);
    EXPECT_EQ(rows({.object = "case 1"}).size(), 3U);
    EXPECT_EQ(rows({.since = at(3)}).front().seq, 3);
    read([&](View& view) {
        EXPECT_EQ(view.audit({.since = at(5)}).size(), 2U);
        EXPECT_EQ(view.audit({.object = "case 0", .since = at(3)}).size(), 2U);
    });
}

TEST_P(StoreAudit, KeepsTextsThatAnExportCanCarry) {
    write([&](Transaction& tx) {
        tx.add_audit({0,
                      at(1),
                      {Actor::Kind::token, "ñandú \xff", "rest", Role::viewer},
                      "rule_set",
                      std::string("a\0b", 3),
                      std::string(9000, 'x')});
    });
    const auto row = rows().at(0);
    EXPECT_EQ(row.by_name, "ñandú \xEF\xBF\xBD");
    EXPECT_EQ(row.object, "a b");
    EXPECT_LE(row.detail.size(), 4096U);
    EXPECT_FALSE(proof().fault);
}

TEST_P(StoreAudit, PruningTakesTheStartAndVouchesForTheRest) {
    const auto day = std::chrono::hours(24);
    const auto later = at(0) + 10 * day;
    for (int n = 1; n <= 5; ++n)
        record(n);
    write([&](Transaction& tx) { tx.add_audit({0, later, {}, "start", "hub", ""}); });
    record(7);  // a clock that went back: it stays, because only the start is cut
    const auto kept = head();
    const auto third = rows()[2];
    const auto prune = [&](Time before, std::size_t limit) {
        std::size_t removed = 0;
        write([&](Transaction& tx) {
            Transaction::Retention age{};
            age.audit_before = before;
            age.now = later;
            removed = tx.prune(age, limit);
        });
        return removed;
    };
    EXPECT_EQ(prune(at(100), 100), 0U) << "less than a day too old";
    EXPECT_EQ(prune(at(0) + 2 * day, 3), 3U);
    EXPECT_FALSE(proof().fault) << "a piece of it";
    EXPECT_EQ(prune(at(0) + 2 * day, 100), 2U);
    EXPECT_EQ(prune(at(0) + 2 * day, 100), 0U);
    const auto left = rows();
    ASSERT_EQ(left.size(), 4U) << "two rows, and two about the pruning";
    EXPECT_EQ(left.front().seq, 6);
    EXPECT_EQ(left.back().verb, "audit_pruned");
    const auto verdict = proof({{"agent web1", kept}, {"agent web1", head_of(third)}});
    EXPECT_FALSE(verdict.fault) << verdict.fault->text;
    ASSERT_TRUE(verdict.cut);
    EXPECT_EQ(verdict.cut->up_to, 5);
    const auto early = proof({{"agent web1", {3, third.hash, at(0) + 3 * day}}});
    ASSERT_TRUE(early.fault);
    EXPECT_EQ(early.fault->kind, AuditFault::Kind::removed_early);
}

TEST_P(StoreAudit, PruningOfEverythingKeepsTheChainGoing) {
    for (int n = 1; n <= 3; ++n)
        record(n);
    write([&](Transaction& tx) {
        Transaction::Retention age{};
        age.audit_before = at(0) + std::chrono::hours(48);
        age.now = at(0) + std::chrono::hours(72);
        EXPECT_EQ(tx.prune(age, 100), 3U);
    });
    record(4);
    ASSERT_EQ(rows().size(), 2U);
    EXPECT_EQ(rows().back().seq, 5);
    EXPECT_FALSE(proof().fault);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreAudit, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
