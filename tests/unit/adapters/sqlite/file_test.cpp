// The file itself: whose it is, which version, who may read it, and a disk without room.

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sched.h>
#include <unistd.h>

#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "unit/adapters/sqlite/support.hpp"

namespace garita::sqlite {
namespace {

void run_sql(const std::filesystem::path& file, const char* sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    sqlite3_close(db);
}

using StoreFile = SqliteTest;

TEST_F(StoreFile, IsReadableForItsUserOnly) {
    const auto store = open_hub();
    ASSERT_TRUE(store->write([](store::Transaction& tx) -> Result<void> {
        tx.set_value("a", "1");
        return {};
    }));
    for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) {
        struct stat info {};
        ASSERT_EQ(::stat((hub_file().string() + suffix).c_str(), &info), 0) << suffix;
        EXPECT_EQ(info.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST_F(StoreFile, BelongsToOneProgramAtATime) {
    auto first = open_hub();
    const auto second = SqliteStore::open({.file = hub_file()});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    EXPECT_NE(second.error().text.find(hub_file().string()), std::string::npos);
    first.reset();
    EXPECT_TRUE(SqliteStore::open({.file = hub_file()}));
}

TEST_F(StoreFile, OfANewerProgramIsRefused) {
    (void)open_hub();
    run_sql(hub_file(), "PRAGMA user_version = 999");
    const auto opened = SqliteStore::open({.file = hub_file()});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::invalid);
    EXPECT_NE(opened.error().text.find("newer Garita (schema 999"), std::string::npos) << opened.error().text;
}

TEST_F(StoreFile, OfAnotherKindIsRefused) {
    (void)open_agent();
    const auto as_hub = SqliteStore::open({.file = agent_file()});
    ASSERT_FALSE(as_hub);
    EXPECT_NE(as_hub.error().text.find("another part of Garita"), std::string::npos);
    run_sql(directory_ / "other.db", "CREATE TABLE songs (name TEXT)");
    const auto foreign = SqliteAgentStore::open({.file = directory_ / "other.db"});
    ASSERT_FALSE(foreign);
    EXPECT_NE(foreign.error().text.find("another program"), std::string::npos);
}

TEST_F(StoreFile, ThatCannotBeIsToldByName) {
    const auto missing = SqliteStore::open({.file = directory_ / "no" / "hub.db"});
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().text.find("no/hub.db"), std::string::npos);
    std::FILE* file = std::fopen(hub_file().c_str(), "w");
    ASSERT_NE(file, nullptr);
    for (int i = 0; i < 1000; ++i)
        std::fputs("this is no database ", file);
    std::fclose(file);
    const auto garbage = SqliteStore::open({.file = hub_file()});
    ASSERT_FALSE(garbage);
    EXPECT_EQ(garbage.error().code, ErrorCode::io);
    EXPECT_EQ(garbage.error().retry, Retry::no);
}

/// A file system of 1 MiB over the test's directory, seen by this process only (each test is one).
class SmallDisk : public SqliteTest {
  protected:
    void SetUp() override {
        const int spaces = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
        if (::unshare(spaces) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", directory_.c_str(), "tmpfs", 0, "size=1m") != 0)
            GTEST_SKIP() << "no right to mount a small file system: " << std::strerror(errno);
    }
    void TearDown() override { ::umount(directory_.c_str()); }
    /// Takes what room is left, but for a little.
    void make_room(std::uintmax_t bytes) const {
        std::filesystem::remove(directory_ / "filler");
        std::ofstream filler(directory_ / "filler");
        const auto free = std::filesystem::space(directory_).available;
        filler << std::string(free > bytes ? static_cast<std::size_t>(free - bytes) : 0, 'x');
    }
};

TEST_F(SmallDisk, RefusesWritesAndKeepsWhatWasAcknowledged) {
    const auto store = open_hub();
    make_room(200'000);
    const auto put = [&](int n) {
        return store->write([&](store::Transaction& tx) -> Result<void> {
            tx.set_value("key" + std::to_string(n), std::string(4000, 'x'));
            return {};
        });
    };
    const auto has = [&](int n) {
        bool found = false;
        EXPECT_TRUE(store->read([&](store::View& view) -> Result<void> {
            found = view.value("key" + std::to_string(n)).has_value();
            return {};
        }));
        return found;
    };
    int acknowledged = 0;
    Result<void> refused;
    while (acknowledged < 2000 && (refused = put(acknowledged)))
        ++acknowledged;
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::full) << refused.error().text;
    EXPECT_EQ(refused.error().retry, Retry::later);
    EXPECT_GT(acknowledged, 3);
    EXPECT_FALSE(has(acknowledged));
    EXPECT_FALSE(put(acknowledged)) << "still full";
    make_room(300'000);
    EXPECT_TRUE(put(acknowledged)) << "there is room again";
    for (int n = 0; n <= acknowledged; ++n)
        EXPECT_TRUE(has(n)) << n;
}

TEST_F(SmallDisk, RefusesTheWholeBatchOfAnAgent) {
    const auto store = open_agent();
    make_room(200'000);
    Alert alert;
    alert.kind = "k";
    alert.facts["f"] = std::string(4000, 'x');
    Result<void> refused;
    int acknowledged = 0;
    for (; acknowledged < 2000; ++acknowledged) {
        alert.uid = std::to_string(acknowledged);
        refused = store->push_alerts_and_value({alert}, 10'000, "offset", alert.uid);
        if (!refused) break;
    }
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::full) << refused.error().text;
    EXPECT_GT(acknowledged, 3);
    EXPECT_EQ(store->value("offset"), std::to_string(acknowledged - 1));
    EXPECT_EQ(store->spool_counts()->waiting, acknowledged);
}

}  // namespace
}  // namespace garita::sqlite
