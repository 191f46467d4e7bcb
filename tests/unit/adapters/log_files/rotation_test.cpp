// Logs that are renamed, emptied, copied and deleted while they are read.

#include "followed_logs.hpp"

namespace garita::log_files {
namespace {

TEST_F(LogFilesTest, RenamedIsReadToItsEndBeforeTheNewOne) {
    write_new(log, "1\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("1"));
    append(log, "2\n");
    fs::rename(log, log + ".1");
    write_new(log, "4\n");
    append(log + ".1", "3\n");
    EXPECT_TRUE(woken());
    EXPECT_THAT(read(), ElementsAre("2", "3", "4"));
    append(log + ".1", "late\n");  // a writer that has not reopened its log yet
    EXPECT_TRUE(woken());
    EXPECT_THAT(read(), ElementsAre("late"));
    EXPECT_EQ(files->counters().rotations, 1U);
    now += 61s;
    EXPECT_THAT(read(), IsEmpty());
    EXPECT_THAT(parse_checkpoint(files->checkpoint())->places, SizeIs(1));
}

TEST_F(LogFilesTest, RenamedTwiceBeforeAnyoneLooked) {
    write_new(log, "1\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("1"));
    fs::rename(log, log + ".1");
    write_new(log, "2\n");
    EXPECT_THAT(read(), ElementsAre("2"));
    append(log + ".1", "1b\n");
    fs::rename(log + ".1", log + ".2");
    fs::rename(log, log + ".1");
    write_new(log, "3\n");
    EXPECT_THAT(read(), ElementsAre("1b", "3"));
}

TEST_F(LogFilesTest, FilesThatHadTheNameWhileNobodyLookedAreReadInOrder) {
    write_new(log, "1\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("1"));
    for (const auto* line : {"2\n", "3\n", "4\n"}) {
        fs::remove(log + ".3");  // its inode may well come back as that of the next file
        if (fs::exists(log + ".2")) fs::rename(log + ".2", log + ".3");
        if (fs::exists(log + ".1")) fs::rename(log + ".1", log + ".2");
        fs::rename(log, log + ".1");
        write_new(log, line);
        std::this_thread::sleep_for(10ms);  // their order is told by their times
    }
    EXPECT_THAT(read(), ElementsAre("2", "3", "4"));
    EXPECT_EQ(files->counters().rotations, 3U);
    append(log + ".1", "late\n");
    EXPECT_TRUE(woken());
    EXPECT_THAT(read(), ElementsAre("late"));
    EXPECT_EQ(files->counters().gaps, 0U);
}

TEST_F(LogFilesTest, WhatLiesBesideALogForOtherReasonsIsNotReadAtItsRotation) {
    write_new(log + ".2", "before anyone looked\n");
    write_new(log, "1\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("1"));
    append(log + ".2", "grown\n");
    fs::copy_file(log, log + ".old");
    write_new(log + ".5", "unpacked\n");
    fs::last_write_time(log + ".5", fs::file_time_type::clock::now() - 48h);
    fs::rename(log, log + ".1");
    write_new(log, "2\n");
    EXPECT_THAT(read(), ElementsAre("2"));
    now += 2min;
    EXPECT_THAT(read(), IsEmpty());  // the former one is closed
    fs::copy_file(log + ".1", log + ".7");
    fs::rename(log, log + ".3");
    write_new(log, "3\n");
    EXPECT_THAT(read(), ElementsAre("3"));
    EXPECT_EQ(files->counters().rotations, 2U);
}

TEST_F(LogFilesTest, DeletedAndMadeAgain) {
    write_new(log, "1\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("1"));
    append(log, "2\n");
    fs::remove(log);
    EXPECT_THAT(read(), ElementsAre("2"));
    write_new(log, "3\n");
    EXPECT_TRUE(woken());
    EXPECT_THAT(read(), ElementsAre("3"));
}

TEST_F(LogFilesTest, EmptiedInPlaceLosesNothingThatIsInTheCopy) {
    write_new(log, "one\ntwo\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("one", "two"));
    append(log, "three\nfo");  // not read before the cut
    copy_and_truncate(log, log + ".1");
    append(log, "five\n");
    EXPECT_THAT(read(), ElementsAre("three", "five"));
    EXPECT_EQ(files->counters().truncations, 1U);
    EXPECT_EQ(files->counters().gaps, 0U);
}

TEST_F(LogFilesTest, EmptiedTwiceBeforeAnyoneLooked) {
    write_new(log, "1\n");
    follow({log});
    EXPECT_THAT(read(), ElementsAre("1"));
    append(log, "2\n");
    copy_and_truncate(log, log + ".2");
    append(log, "3\n");
    copy_and_truncate(log, log + ".1");
    fs::last_write_time(log + ".2", fs::last_write_time(log + ".1") - 1s);
    append(log, "4\n");
    EXPECT_THAT(read(), ElementsAre("2", "3", "4"));
    EXPECT_EQ(files->counters().gaps, 0U);
}

TEST_F(LogFilesTest, EmptiedAndGrownBeyondTheOldSizeIsNoticed) {
    write_new(log, "10:00 a\n10:00 b\n");
    follow({log});
    EXPECT_THAT(read(), SizeIs(2));
    fs::resize_file(log, 0);
    append(log, "11:00 a\n11:00 b\n11:00 c\n");
    EXPECT_THAT(read(), ElementsAre("11:00 a", "11:00 b", "11:00 c"));
    EXPECT_EQ(files->counters().truncations, 1U);
    EXPECT_EQ(files->counters().gaps, 1U);  // no copy to be found: what was in between is unknown
}

TEST_F(LogFilesTest, EmptiedAndGrownToTheVerySameSizeIsNoticed) {
    write_new(log, "10:00 a\n10:00 b\n");
    follow({log});
    EXPECT_THAT(read(), SizeIs(2));
    fs::resize_file(log, 0);
    append(log, "11:00 a\n11:00 b\n");
    EXPECT_THAT(read(), ElementsAre("11:00 a", "11:00 b"));
}

TEST_F(LogFilesTest, AHoleThatAWriterLeavesAfterEmptyingIsSkipped) {
    write_new(log, std::string(100000, 'x') + "\n");
    follow({log});
    EXPECT_THAT(read(), SizeIs(1));
    fs::resize_file(log, 0);
    const int fd = ::open(log.c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_EQ(::pwrite(fd, "new\n", 4, 100001), 4);
    ::close(fd);
    EXPECT_THAT(read(), ElementsAre("new"));
}

TEST_F(LogFilesTest, CompressedFormsAreNotRead) {
    follow({directory / "access.log*"});
    write_new(log + ".2.gz", "\x1f\x8b rubbish\n");
    write_new(log, "1\n");
    write_new(log + ".1", "rotated\n");
    EXPECT_THAT(read(), ElementsAre("1"));
    write_new(directory / "access.log_packed", "\x1f\x8b rubbish\n");  // gzip under another name
    EXPECT_THAT(read(), IsEmpty());
    EXPECT_THAT(files->troubles(now), ElementsAre(HasSubstr("compressed")));
}

TEST_F(LogFilesTest, RotationUnderAPatternCountsEachLineOnce) {
    write_new(log, "1\n");
    follow({directory / "access.log*"});
    EXPECT_THAT(read(), ElementsAre("1"));
    fs::rename(log, log + ".1");
    EXPECT_THAT(read(), IsEmpty());  // the moment in which only the rotated form matches
    write_new(log, "2\n");
    EXPECT_THAT(read(), ElementsAre("2"));
    append(log, "3\n");
    copy_and_truncate(log, log + ".2");
    EXPECT_THAT(read(), ElementsAre("3"));
    now += 2min;
    EXPECT_THAT(read(), IsEmpty());
}

TEST_F(LogFilesTest, AThousandRotationsLoseAndDoubleNothing) {
    follow({log});
    std::vector<std::string> all;
    int written = 0;
    const auto write_lines = [&](int lines) {
        for (int line = 0; line < lines; ++line)
            append(log, std::to_string(written++) + "\n");
    };
    const auto read_all = [&] {
        const auto lines = read();
        all.insert(all.end(), lines.begin(), lines.end());
    };
    for (int rotation = 0; rotation < 1000; ++rotation) {
        write_lines(1);
        read_all();
        write_lines(2);  // not read before the rotation
        if (rotation % 2 == 0) {
            fs::rename(log, log + ".1");
            write_new(log, "");
        } else {
            copy_and_truncate(log, log + ".1");
        }
        now += 1s;
        read_all();
    }
    ASSERT_THAT(all, SizeIs(3000));
    for (std::size_t i = 0; i < all.size(); ++i)
        ASSERT_EQ(all[i], std::to_string(i));
    EXPECT_EQ(files->counters().gaps, 0U);
}

}  // namespace
}  // namespace garita::log_files
