// What happened while nobody read.

#include "followed_logs.hpp"

namespace garita::log_files {
namespace {

TEST_F(LogFilesTest, GoesOnWhereItWasAfterARestart) {
    write_new(log, "1\n2\nha");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("1", "2"));
    const auto place = files->checkpoint();
    append(log, "lf\n3\n");
    follow({log}, place);
    EXPECT_THAT(read(), ElementsAre("half", "3"));
}

TEST_F(LogFilesTest, TheSameLineHasTheSameIdAfterARestart) {
    write_new(log, "1\n");
    follow({log});
    read();
    const auto place = files->checkpoint();
    append(log, "2\n");
    read();
    follow({log}, place);
    read();
    ASSERT_THAT(got.ids, SizeIs(3));
    EXPECT_EQ(got.ids[1], got.ids[2]);
    EXPECT_FALSE(got.ids[0] == got.ids[1]);
}

TEST_F(LogFilesTest, RotationsDuringAnAbsenceAreReadInOrder) {
    write_new(log, "1\n");
    follow({log});
    read();
    const auto place = files->checkpoint();
    files.reset();
    append(log, "2\n");
    fs::rename(log, log + ".2");
    write_new(log + ".1", "3\n");
    const auto before = fs::last_write_time(log + ".1");
    fs::last_write_time(log + ".2", before - 2h);
    fs::last_write_time(log + ".1", before - 1h);
    write_new(log + ".3", "ancient\n");
    fs::last_write_time(log + ".3", before - 9h);
    write_new(log, "4\n");
    follow({log}, place, TailFile::Start::at_end);
    EXPECT_THAT(read(), ElementsAre("2", "3", "4"));
    EXPECT_EQ(files->counters().gaps, 0U);
}

TEST_F(LogFilesTest, EmptiedDuringAnAbsence) {
    write_new(log, "1\n");
    follow({log});
    read();
    const auto place = files->checkpoint();
    files.reset();
    append(log, "2\n");
    copy_and_truncate(log, log + ".1");
    append(log, "3\nand much longer than before\n");
    follow({log}, place);
    EXPECT_THAT(read(), ElementsAre("2", "3", "and much longer than before"));
}

TEST_F(LogFilesTest, RotatedAndPackedDuringAnAbsenceIsCountedAsAGap) {
    write_new(log, "1\n");
    follow({log});
    read();
    const auto place = files->checkpoint();
    files.reset();
    fs::rename(log, log + ".1");
    write_new(log, "3\n");
    fs::remove(log + ".1");
    write_new(log + ".1.gz", "\x1f\x8b");
    follow({log}, place);
    EXPECT_THAT(read(), ElementsAre("3"));
    EXPECT_EQ(files->counters().gaps, 1U);
}

TEST_F(LogFilesTest, AnInodeThatIsUsedAgainIsAnotherFile) {
    write_new(log, "first content\n");
    follow({log});
    read();
    auto place = *parse_checkpoint(files->checkpoint());
    files.reset();
    fs::remove(log);
    write_new(log, "other content, longer\n");
    struct stat info {};
    ASSERT_EQ(::stat(log.c_str(), &info), 0);
    place.places.at(0).identity = {info.st_dev, info.st_ino};
    follow({log}, to_text(place));
    EXPECT_THAT(read(), ElementsAre("other content, longer"));
}

TEST_F(LogFilesTest, AFileThatCameDuringAnAbsenceIsReadFromItsStart) {
    follow({log}, {}, TailFile::Start::at_end);
    const auto place = files->checkpoint();
    files.reset();
    write_new(log, "1\n");
    follow({log}, place, TailFile::Start::at_end);
    EXPECT_THAT(read(), ElementsAre("1"));
}

TEST_F(LogFilesTest, ARubbishCheckpointIsAFirstStartThatIsCounted) {
    write_new(log, "1\n");
    follow({log}, "rubbish\0\n place", TailFile::Start::at_end);
    EXPECT_THAT(read(), IsEmpty());
    EXPECT_EQ(files->counters().gaps, 1U);
}

TEST_F(LogFilesTest, WhatWasReadInAnEarlierLifeIsReadAgainOnRequest) {
    const auto again = [&] {
        EXPECT_TRUE(files->read_again(1min, now, got));
        return got.take();
    };
    write_new(log + ".2", "oldest\n");
    write_new(log + ".1", "older\n");
    fs::last_write_time(log + ".2", fs::last_write_time(log + ".1") - 1s);
    write_new(log, "one\ntwo\nhal");
    follow({log});
    EXPECT_THAT(again(), IsEmpty()) << "the very first start";
    EXPECT_THAT(read(), ElementsAre("one", "two"));
    const auto place = files->checkpoint();
    append(log, "f\nthree\n");
    follow({log}, place);
    EXPECT_THAT(again(), ElementsAre("oldest", "older", "one", "two"));
    EXPECT_EQ(files->counters().lines, 0U);
    EXPECT_THAT(read(), ElementsAre("half", "three")) << "and reading goes on where it stood";

    fs::rename(log, log + ".0");
    write_new(log, "four\n");
    follow({log}, place);
    EXPECT_THAT(again(), ElementsAre("oldest", "older", "one", "two"));
    EXPECT_THAT(read(), ElementsAre("half", "three", "four"));
}

TEST_F(LogFilesTest, OnlyTheLastMegabytesAreReadAgain) {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += "line " + std::to_string(i) + "\n";
    write_new(log, text);
    follow({log});
    EXPECT_THAT(read(), SizeIs(100'000));
    LogFilesSettings settings;
    settings.patterns = {log};
    settings.recall_limit = 500'000;
    files = std::make_unique<LogFiles>(settings, files->checkpoint(), now);
    EXPECT_TRUE(files->read_again(1min, now, got));
    const auto lines = got.take();
    EXPECT_GT(lines.size(), 40'000U);
    EXPECT_LT(lines.size(), 50'000U);
    EXPECT_EQ(lines.back(), "line 99999");
    EXPECT_EQ(lines.front(), "line " + std::to_string(100'000 - lines.size())) << "whole lines";
}

TEST_F(LogFilesTest, WhereThePlaceIsLostNothingIsReadAgain) {
    write_new(log, "one\ntwo\n");
    follow({log});
    EXPECT_THAT(read(), SizeIs(2));
    const auto place = files->checkpoint();
    write_new(log + ".1", "of another\n");
    fs::remove(log);
    write_new(log, "three\n");
    follow({log}, place);
    EXPECT_TRUE(files->read_again(1min, now, got));
    EXPECT_THAT(got.take(), IsEmpty()) << "whether the rotated form was read is not known";
    EXPECT_THAT(read(), ElementsAre("three"));
    EXPECT_EQ(files->counters().gaps, 1U);
}

TEST(Checkpoints, KeepWhatWasHeard) {
    Checkpoint checkpoint;
    checkpoint.patterns = {"/a b.log"};
    checkpoint.heard = {{"/a b.log", 1, 2000, 30}};
    EXPECT_EQ(parse_checkpoint(to_text(checkpoint)), checkpoint);
    for (const auto* line :
         {"heard 1 2 /a", "heard 2 1 0 /a", "heard 1 2 -1 /a", "heard 1 2 3 ", "heard 1 2 x /a"})
        EXPECT_FALSE(parse_checkpoint(std::string("log_files 1\n") + line)) << line;
}

}  // namespace
}  // namespace garita::log_files
