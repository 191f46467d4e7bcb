#include "adapters/log_files/log_files.hpp"

#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temporary_directory.hpp"

namespace garita::log_files {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

class Collected final : public detect::LineReceiver {
  public:
    void on_line(const detect::LogLine& line) override {
        lines.emplace_back(line.text);
        ids.push_back(line.id);
    }
    std::vector<std::string> take() { return std::exchange(lines, {}); }
    std::vector<std::string> lines;
    std::vector<detect::LineId> ids;
};

void append(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

void write_new(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::trunc | std::ios::binary) << text;
}

/// As logrotate does it with `copytruncate`.
void copy_and_truncate(const std::string& from, const std::string& to) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    fs::resize_file(from, 0);
}

class LogFilesTest : public ::testing::Test {
  protected:
    void follow(std::vector<std::string> patterns, const std::optional<std::string>& checkpoint = {},
                TailFile::Start first = TailFile::Start::at_start) {
        LogFilesSettings settings;
        settings.patterns = std::move(patterns);
        settings.first_start = first;
        settings.line_limit = 1000;
        files = std::make_unique<LogFiles>(settings, checkpoint, now);
    }
    std::vector<std::string> read() {
        for (int portions = 0; portions < 1000; ++portions) {
            const auto rest = files->read(now, got);
            EXPECT_TRUE(rest);
            if (!rest || *rest > Duration::zero()) break;
        }
        return got.take();
    }
    [[nodiscard]] bool woken() const {
        pollfd ready{files->wake_fd(), POLLIN, 0};
        return ::poll(&ready, 1, 0) == 1;
    }

    support::TemporaryDirectory directory;
    std::string log = directory / "access.log";
    Time now{std::chrono::hours(500000)};
    std::unique_ptr<LogFiles> files;
    Collected got;
};

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

TEST_F(LogFilesTest, NewFilesOfAPatternAreReadFromTheirStart) {
    write_new(directory / "a.log", "old\n");
    follow({directory / "*.log"}, {}, TailFile::Start::at_end);
    write_new(directory / "b.log", "1\n");
    EXPECT_TRUE(woken());
    EXPECT_THAT(read(), ElementsAre("1"));
}

TEST_F(LogFilesTest, AMissingDirectoryIsWaitedFor) {
    const auto deep = directory / "var/log/site/access.log";
    follow({deep});
    EXPECT_THAT(read(), IsEmpty());
    EXPECT_THAT(files->troubles(now), ElementsAre(HasSubstr("none of the log files exists")));
    for (const auto* made : {"var", "var/log", "var/log/site"}) {
        fs::create_directory(directory / made);
        EXPECT_TRUE(woken()) << made;
        EXPECT_THAT(read(), IsEmpty());
    }
    write_new(deep, "1\n");
    EXPECT_TRUE(woken());
    EXPECT_THAT(read(), ElementsAre("1"));
    EXPECT_THAT(files->troubles(now), IsEmpty());
    fs::remove_all(directory / "var");
    EXPECT_THAT(read(), IsEmpty());
    fs::create_directories(directory / "var/log/site");
    EXPECT_THAT(read(), IsEmpty());
    write_new(deep, "2\n");
    EXPECT_THAT(read(), ElementsAre("2"));
}

TEST_F(LogFilesTest, WhatIsNoFileIsATroubleThatSaysSo) {
    ASSERT_EQ(::mkfifo(log.c_str(), 0600), 0);
    follow({log});
    EXPECT_THAT(read(), IsEmpty());
    EXPECT_THAT(files->troubles(now), ElementsAre(HasSubstr("not a regular file")));
    fs::remove(log);
    write_new(log, "1\n");
    EXPECT_THAT(read(), ElementsAre("1"));
    EXPECT_THAT(files->troubles(now), IsEmpty());
}

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

TEST_F(LogFilesTest, TheSameFileUnderTwoNamesIsReadOnce) {
    write_new(log, "1\n");
    fs::create_symlink(log, directory / "current.log");
    follow({log, directory / "current.log"});
    EXPECT_THAT(read(), ElementsAre("1"));
}

TEST_F(LogFilesTest, SilenceAfterTalkIsATrouble) {
    write_new(log, "1\n");
    follow({log});
    read();
    EXPECT_THAT(files->troubles(now + 23h), IsEmpty());
    EXPECT_THAT(files->troubles(now + 25h), ElementsAre(HasSubstr("has had no line for")));
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
