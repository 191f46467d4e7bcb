// Lines as they are written: whole, half, too long, rubbish.

#include "followed_logs.hpp"

namespace garita::log_files {
namespace {

TEST_F(LogFilesTest, GivesLinesAsTheyAreWritten) {
    write_new(log, "one\ntwo\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("one", "two"));
    EXPECT_FALSE(woken());
    append(log, "three\n");
    EXPECT_TRUE(woken());
    EXPECT_THAT(read(), ElementsAre("three"));
    EXPECT_FALSE(woken());
    EXPECT_EQ(files->counters().lines, 3U);
    EXPECT_EQ(files->counters().bytes, 14U);
}

TEST_F(LogFilesTest, TheVeryFirstStartBeginsAtTheEnd) {
    write_new(log, "old\nhalf of an o");
    follow({log}, {}, TailFile::Start::at_end);
    append(log, "ld line\nnew\n");
    EXPECT_THAT(read(), ElementsAre("new"));
}

TEST_F(LogFilesTest, WaitsForTheRestOfALine) {
    write_new(log, "one\ntw");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("one"));
    append(log, "o\n");
    EXPECT_THAT(read(), ElementsAre("two"));
    EXPECT_EQ(files->counters().cut, 0U);
}

TEST_F(LogFilesTest, AnUnfinishedLineIsGivenAfterATimeAndItsRestIsNeverALine) {
    write_new(log, "GET /a");
    follow({log});
    EXPECT_THAT(read(), IsEmpty());
    now += 5s;
    EXPECT_THAT(read(), ElementsAre("GET /a"));
    append(log, "192.0.2.1 forged\nnext\n");
    EXPECT_THAT(read(), ElementsAre("next"));
    EXPECT_EQ(files->counters().cut, 1U);
}

TEST_F(LogFilesTest, ALineOfAMegabyteIsCutAndTheNextOneIsWhole) {
    write_new(log, std::string(1 << 20, 'x') + "\nnext\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre(std::string(1000, 'x'), "next"));
    EXPECT_EQ(files->counters().cut, 1U);
}

TEST_F(LogFilesTest, BinaryRubbishAndZerosArePassedOn) {
    using namespace std::string_view_literals;
    write_new(log, "\0\0\0one\n\xff\xfe\0mid\n\n"sv);
    follow({log});
    EXPECT_THAT(read(), ElementsAre("one", "\xff\xfe\0mid"sv, ""));
}

TEST_F(LogFilesTest, TheSameFileUnderTwoNamesIsReadOnce) {
    write_new(log, "1\n");
    fs::create_symlink(log, directory / "current.log");
    follow({log, directory / "current.log"});
    EXPECT_THAT(read(), ElementsAre("1"));
}

}  // namespace
}  // namespace garita::log_files
