// What is asked all the time must not walk a whole table: the plans that the database makes for it.

#include <algorithm>
#include <cctype>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/sqlite_access_book.hpp"
#include "adapters/sqlite/sqlite_letter_book.hpp"
#include "adapters/sqlite/transaction.hpp"
#include "unit/adapters/sqlite/support.hpp"

namespace garita::sqlite {
namespace {

struct Question {
    std::string name;
    std::function<void(store::Transaction&)> ask;
    std::string index;  ///< that must be used
};

class QueryPlans : public SqliteTest {
  protected:
    QueryPlans() { (void)open_hub(); }

    /// The plans of everything that `work` runs, one step a line.
    std::string plans(const std::function<void(store::Transaction&)>& work) {
        Connection db(hub_file(), Access::owner, {});
        std::vector<std::string> statements;
        db.observe([&](std::string_view sql) { statements.emplace_back(sql); });
        {
            const WriteTransaction transaction(db);
            SqliteTransaction tx(db);
            work(tx);
        }
        db.observe({});
        std::string all;
        for (const auto& sql : statements) {
            if (!std::isupper(static_cast<unsigned char>(sql[0])) || sql.starts_with("BEGIN") ||
                sql == "ROLLBACK")
                continue;
            auto rows = db.statement("EXPLAIN QUERY PLAN " + sql);
            while (rows.step())
                all += rows.text(3) + '\n';
        }
        return all;
    }
    static bool walks_a_table(const std::string& plan) {
        std::size_t start = 0;
        while (start < plan.size()) {
            const auto end = plan.find('\n', start);
            const auto line = plan.substr(start, end - start);
            // a scan in an index's order that stops at LIMIT is no walk; one without index, or of everything,
            // is
            if (line.starts_with("SCAN") && line.find("USING") == std::string::npos) return true;
            start = end + 1;
        }
        return false;
    }
    void expect(const std::vector<Question>& questions) {
        for (const auto& question : questions) {
            const auto plan = plans(question.ask);
            EXPECT_NE(plan.find(question.index), std::string::npos) << question.name << ":\n" << plan;
            EXPECT_FALSE(walks_a_table(plan)) << question.name << ":\n" << plan;
        }
    }
};

TEST_F(QueryPlans, UseTheirIndexes) {
    const Time now = from_micros(1);
    const std::vector<Question> questions{
        {"unfiled alerts", [](auto& tx) { tx.unfiled_alerts(10); }, "alerts_by_case"},
        {"alerts of", [](auto& tx) { tx.alerts_of(CaseId{1}, 10); }, "alerts_by_case"},
        {"open case about", [](auto& tx) { tx.open_case_about("a", "b", "c"); }, "cases_"},
        {"last case about", [](auto& tx) { tx.last_case_about("a", "b", "c"); }, "cases_about"},
        {"open cases", [](auto& tx) { tx.cases({.states = {CaseState::open}}); }, "cases_by_state"},
        {"silent cases", [&](auto& tx) { tx.silent_cases(now, 10); }, "cases_silent"},
        {"next silence", [](auto& tx) { tx.next_silence(); }, "cases_silent"},
        {"decided cases", [](auto& tx) { tx.decided_cases(CaseId{1}, 10); }, "cases_by_state"},
        {"progress", [](auto& tx) { tx.progress(CaseId{1}); }, "rules_by_case"},
        {"pending actions", [&](auto& tx) { tx.pending_actions("a", now); }, "actions_pending"},
        {"expire actions", [&](auto& tx) { tx.expire_actions(now); }, "actions_ending"},
        {"rules of a case", [](auto& tx) { tx.rules({.case_id = CaseId{1}}); }, "rules_by_case"},
        {"rule changes", [](auto& tx) { tx.rule_changes("a", 1, 10); }, "rules_by_seq"},
        {"next expiry", [](auto& tx) { tx.next_rule_expiry(); }, "rules_ending"},
        {"expire rules", [&](auto& tx) { tx.expire_rules(now, 10); }, "rules_ending"},
        {"confirm",
         [&](auto& tx) {
             tx.confirm_rules("a", 9, {{3, "e"}}, 1, now);
         },
         "rules_unsettled"},
        {"without message", [](auto& tx) { tx.cases_without_message("a", "b", 10); },
         "cases_by_state (state=? AND id>?)"},
        {"stale messages", [&](auto& tx) { tx.stale_messages("a", now, 10); }, "messages_stale"},
        {"messages of", [](auto& tx) { tx.messages_of(CaseId{1}); }, "sqlite_autoindex_messages"},
        {"move messages", [](auto& tx) { tx.move_messages("a", "b", "c"); }, "messages_by_place"},
        {"audit of", [](auto& tx) { tx.audit({.object = "case 1"}); }, "audit_by_object"},
        {"prune",
         [&](auto& tx) {
             tx.prune({now, now, now, now, now}, 10);
         },
         "cases_over"},
    };
    expect(questions);
}

TEST_F(QueryPlans, OfAccessUseTheirIndexes) {
    const Time now = from_micros(1);
    SqliteAccessBook book;
    SqliteLetterBook letters;
    expect({
        {"open requests", [&](auto& tx) { book.open_requests(tx); }, "access_"},
        {"number of open requests", [&](auto& tx) { book.open_count(tx); }, "access_"},
        {"open request", [&](auto& tx) { book.open_request(tx, MacAddress{}); }, "access_open_mac"},
        {"in a state", [&](auto& tx) { book.requests(tx, {.states = {AccessState::waiting}}); },
         "access_by_state"},
        {"of a switch",
         [&](auto& tx) { book.requests(tx, {.states = {AccessState::waiting}, .switch_name = "a"}); },
         "access_by_switch"},
        {"of a MAC address", [&](auto& tx) { book.requests(tx, {.mac = MacAddress{}}); }, "access_by_mac"},
        {"log", [&](auto& tx) { book.log(tx, AccessId{1}, 1, 1); }, "access_log_of"},
        {"due surveys", [&](auto& tx) { book.due_surveys(tx, "a", now, 1); }, "access_surveys_due"},
        {"for the archive", [&](auto& tx) { book.unarchived(tx, 1); }, "access_unarchived"},
        {"prune", [&](auto& tx) { book.prune(tx, now, now, 1); }, "access_ended"},
        {"prune what is used up", [&](auto& tx) { book.prune(tx, now, now, 1); }, "access_used_by_time"},
        {"due letters", [&](auto& tx) { letters.due(tx, now, 1); }, "letters_open"},
        {"next letter", [&](auto& tx) { letters.next_due(tx); }, "letters_open"},
        {"letters that wait", [&](auto& tx) { letters.waiting(tx); }, "letters_open"},
        {"letters about", [&](auto& tx) { letters.about(tx, "a", 1); }, "letters_about"},
        {"letters to", [&](auto& tx) { letters.queued_since(tx, "a", now); }, "letters_to"},
        {"prune letters", [&](auto& tx) { letters.prune(tx, now, 1); }, "letters_over"},
    });
}

TEST_F(QueryPlans, AWalkWouldBeNoticed) {
    Connection db(hub_file(), Access::owner, {});
    auto rows = db.statement("EXPLAIN QUERY PLAN SELECT * FROM rules WHERE comment = 'x'");
    ASSERT_TRUE(rows.step());
    EXPECT_TRUE(walks_a_table(rows.text(3) + "\n")) << rows.text(3);
}

}  // namespace
}  // namespace garita::sqlite
