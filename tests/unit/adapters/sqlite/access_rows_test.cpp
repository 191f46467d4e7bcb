// A row of access or of a letter that this program cannot have written is an error, not a guess.

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/sqlite_access_book.hpp"
#include "adapters/sqlite/sqlite_letter_book.hpp"
#include "unit/adapters/sqlite/support.hpp"

namespace garita::sqlite {
namespace {

class DamagedAccess : public SqliteTest {
  protected:
    DamagedAccess() {
        const auto store = open_hub();
        const auto done = store->write([&](store::Transaction& tx) -> Result<void> {
            AccessRequest request;
            request.state = AccessState::waiting;
            id_ = book_.insert(tx, request);
            book_.add_line(tx, {0, id_, Time{}, AccessLine::Kind::note, "", "one"});
            letters_.add(tx, QueuedLetter{});
            return {};
        });
        if (!done) throw std::runtime_error(done.error().text);
    }
    /// What reading says once this has been done to the file.
    std::string after(std::string_view sql) {
        { Connection(hub_file(), Access::owner, {}).execute(sql); }
        const auto store = open_hub();
        const auto done = store->read([&](store::View& view) -> Result<void> {
            (void)book_.find(view, id_);
            (void)book_.log(view, id_, 0, 9);
            (void)letters_.due(view, Time{}, 9);
            return {};
        });
        return done ? "read" : done.error().text;
    }
    SqliteAccessBook book_;
    SqliteLetterBook letters_;
    AccessId id_;
};

TEST_F(DamagedAccess, IsRefusedWithTheWordThatIsWrong) {
    ASSERT_EQ(after("SELECT 1"), "read");
    const std::vector<std::pair<std::string, std::string>> damages{
        {"UPDATE access_requests SET state = 'wating'", "state of a request for access"},
        {"UPDATE access_requests SET state = 'waiting', mac = '00:11'", "MAC address"},
        {"UPDATE access_requests SET mac = '00:00:00:00:00:00', facts = '{'", "document"},
        {"UPDATE access_requests SET facts = '{}'; UPDATE access_log SET kind = ''", "kind of line"},
        {"UPDATE access_log SET kind = 'note'; UPDATE queued_letters SET facts = '[]'", "set of facts"},
    };
    for (const auto& [sql, what] : damages) {
        const auto said = after(sql);
        EXPECT_NE(said.find(what), std::string::npos) << sql << ": " << said;
        EXPECT_NE(said.find("restore the file from a backup"), std::string::npos) << said;
    }
    EXPECT_EQ(after("UPDATE queued_letters SET facts = '{}'"), "read");
}

}  // namespace
}  // namespace garita::sqlite
