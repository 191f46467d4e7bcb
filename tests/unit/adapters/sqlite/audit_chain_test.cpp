// The audit trail in a real file: files from before the chain, edits behind Garita's back, and kills.

#include <sqlite3.h>

#include "adapters/sqlite/migrations.hpp"
#include "model/audit_proof.hpp"
#include "runtime/audit/audit_hash.hpp"
#include "unit/adapters/sqlite/support.hpp"

namespace garita::sqlite {
namespace {

using Kind = AuditFault::Kind;

class AuditFile : public SqliteTest {
  protected:
    void sql(const std::string& text) const {
        sqlite3* db = nullptr;
        ASSERT_EQ(sqlite3_open(hub_file().c_str(), &db), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(db, text.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
        sqlite3_close(db);
    }
    void record(int count) const {
        const auto store = open_hub();
        for (int n = 1; n <= count; ++n)
            EXPECT_TRUE(store->write([&](store::Transaction& tx) -> Result<void> {
                tx.add_audit({0,
                              from_micros(n),
                              {Actor::Kind::person, "ana", "cli", Role::operator_},
                              "decide",
                              "case " + std::to_string(n),
                              "block"});
                return {};
            }));
    }
    [[nodiscard]] AuditVerdict proof(const std::vector<KeptHead>& kept = {}) const {
        const auto store = open_hub();
        AuditProof proof(runtime::audit::blake2b_256, kept);
        EXPECT_TRUE(store->read([&](store::View& view) -> Result<void> {
            for (const auto& row : view.audit_rows({.limit = 1'000'000}))
                if (proof.take(row) == AuditProof::Next::stop) break;
            return {};
        }));
        return proof.finish();
    }
    [[nodiscard]] AuditHead head() const {
        AuditHead found;
        EXPECT_TRUE(open_hub()->read([&](store::View& view) -> Result<void> {
            found = view.audit_head();
            return {};
        }));
        return found;
    }
    void expect_fault(Kind kind, std::int64_t seq, const std::vector<KeptHead>& kept = {}) const {
        const auto verdict = proof(kept);
        ASSERT_TRUE(verdict.fault);
        EXPECT_EQ(to_text(verdict.fault->kind), to_text(kind)) << verdict.fault->text;
        EXPECT_EQ(verdict.fault->seq, seq) << verdict.fault->text;
    }
};

TEST_F(AuditFile, FromBeforeTheChainIsChained) {
    sql("PRAGMA application_id = 1197568584");  // FileKind::hub
    sql(std::string(hub_migrations()[0].sql) +
        "INSERT INTO audit (id, at, by_kind, by_name, by_channel, by_role, verb, object, detail) VALUES "
        "(3, 100, 'person', 'ana', 'cli', 'operator', 'decide', 'case 1', 'block'), "
        "(4, 200, 'system', 'desk', '', 'administrator', 'case_expired', 'case 2', 'nobody answered'), "
        "(9, 300, 'token', 'billing', 'rest', 'viewer', 'rule_set', 'rule', ''); PRAGMA user_version = 1");
    auto verdict = proof();
    EXPECT_FALSE(verdict.fault) << verdict.fault->text;
    EXPECT_EQ(verdict.rows, 3);
    EXPECT_EQ(verdict.head.at, from_micros(300));
    record(2);
    verdict = proof();
    EXPECT_FALSE(verdict.fault);
    EXPECT_EQ(verdict.head.seq, 5);
    sql("UPDATE audit SET detail = 'allow' WHERE id = 1");
    expect_fault(Kind::changed, 1);
}

TEST_F(AuditFile, EditedIsFoundOutByRow) {
    record(9);
    EXPECT_FALSE(proof().fault);
    sql("UPDATE audit SET by_kind = 'nobody' WHERE id = 5");  // a word that no program writes
    expect_fault(Kind::changed, 5);
    sql("UPDATE audit SET by_kind = 'person' WHERE id = 5");
    EXPECT_FALSE(proof().fault);
    sql("UPDATE audit SET hash = x'00' WHERE id = 4");
    expect_fault(Kind::changed, 4);
}

TEST_F(AuditFile, WithoutARowIsFoundOut) {
    record(9);
    sql("DELETE FROM audit WHERE id = 6");
    expect_fault(Kind::missing, 6);
    sql("UPDATE audit SET id = id - 1 WHERE id > 6");
    expect_fault(Kind::changed, 6);
}

TEST_F(AuditFile, ReorderedIsFoundOut) {
    record(9);
    sql("UPDATE audit SET id = -3 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 7; "
        "UPDATE audit SET id = 7 WHERE id = -3");
    expect_fault(Kind::changed, 3);
}

TEST_F(AuditFile, TruncatedIsFoundOutByWhoKeptTheHead) {
    record(9);
    const KeptHead kept{"agent web1", head()};
    sql("DELETE FROM audit WHERE id > 6");
    EXPECT_FALSE(proof().fault) << "from within it cannot be seen";
    expect_fault(Kind::cut_off, 7, {kept});
    record(5);  // others take the numbers
    expect_fault(Kind::other_history, 9, {kept});
    sql("DELETE FROM audit");
    expect_fault(Kind::cut_off, 1, {kept});
}

}  // namespace
}  // namespace garita::sqlite
