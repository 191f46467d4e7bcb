// Files that are not there, not yet, or silent.

#include "followed_logs.hpp"

namespace garita::log_files {
namespace {

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

TEST_F(LogFilesTest, WhatNobodyConfiguredMayBeMissing) {
    const auto nginx = directory / "nginx.log";
    expected = Expected::by_default;
    follow({nginx, directory / "apache.log"});
    EXPECT_THAT(read(), IsEmpty());
    EXPECT_THAT(files->troubles(now), IsEmpty());
    EXPECT_THAT(files->describe(), HasSubstr("not there (default; ignored): "));
    write_new(nginx, "1\n");
    EXPECT_TRUE(woken()) << "it is waited for all the same";
    EXPECT_THAT(read(), ElementsAre("1"));
    EXPECT_THAT(files->describe(), HasSubstr("reads " + nginx + "; not there (default; ignored): "));
}

class SilentLogs : public LogFilesTest {
  protected:
    /// A line every hour for two days.
    void speak(const std::string& path) {
        for (int hour = 0; hour < 48; ++hour) {
            now += 1h;
            append(path, "x\n");
            read();
        }
    }
};

TEST_F(SilentLogs, AreThoseThatUsedToSpeak) {
    write_new(log, "");
    write_new(directory / "quiet.log", "");
    follow({log, directory / "quiet.log"});
    read();
    EXPECT_THAT(files->silences(now + 1000h), IsEmpty()) << "nothing was ever heard";
    speak(log);
    EXPECT_THAT(files->silences(now + 23h), IsEmpty());
    const auto silences = files->silences(now + 24h);
    ASSERT_THAT(silences, SizeIs(1));
    EXPECT_EQ(silences[0].source, log);
    EXPECT_EQ(silences[0].why, detect::Silence::Why::silent);
    EXPECT_EQ(silences[0].last, now);
    EXPECT_EQ(silences[0].longest, 1h);

    const auto place = files->checkpoint();
    now += 30h;
    follow({log, directory / "quiet.log"}, place);
    EXPECT_EQ(files->silences(now).at(0).last, silences[0].last) << "over a restart";
    append(log, "y\n");
    read();
    EXPECT_THAT(files->silences(now), IsEmpty());
    EXPECT_THAT(files->silences(now + 24h), SizeIs(1)) << "the pause is no new habit";
}

TEST_F(SilentLogs, ThatAreGoneAreMissedEarlier) {
    write_new(log, "");
    follow({log});
    speak(log);
    fs::rename(log, log + ".1");
    read();
    EXPECT_THAT(files->silences(now + 2h), IsEmpty()) << "a rotated log comes back with its next line";
    const auto silences = files->silences(now + 3h);
    ASSERT_THAT(silences, SizeIs(1));
    EXPECT_EQ(silences[0].why, detect::Silence::Why::gone);
    write_new(log, "");
    EXPECT_THAT(files->silences(now + 3h), IsEmpty());
}

TEST_F(SilentLogs, OfAPatternAreSilentTogetherOnly) {
    follow({directory / "access*.log"});
    speak(directory / "access-a.log");
    speak(directory / "access-b.log");
    EXPECT_THAT(files->silences(now + 23h), IsEmpty()) << "the other one had its time";
    EXPECT_THAT(files->silences(now + 24h), SizeIs(1));
    EXPECT_EQ(files->silences(now + 24h)[0].source, directory / "access*.log");
}

TEST_F(SilentLogs, AreNobodysConcernWhereThatIsSaid) {
    LogFilesSettings settings;
    settings.patterns = {log};
    settings.first_start = TailFile::Start::at_start;
    settings.silent_after = Duration::max();
    files = std::make_unique<LogFiles>(settings, std::nullopt, now);
    speak(log);
    EXPECT_THAT(files->silences(now + 1000h), IsEmpty());
}

TEST_F(LogFilesTest, WhatMayHaveBeenLostIsSaid) {
    write_new(log, "one\n");
    follow({log});
    read();
    EXPECT_THAT(files->describe(), ::testing::Not(HasSubstr("lost")));
    copy_and_truncate(log, log + ".1");
    append(log, "two\n");
    read();
    EXPECT_THAT(files->describe(), HasSubstr("1 times emptied in place"));
}

}  // namespace
}  // namespace garita::log_files
