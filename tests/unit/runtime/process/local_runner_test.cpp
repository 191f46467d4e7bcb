#include "runtime/process/local_runner.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace garita::runtime {
namespace {

using namespace std::chrono_literals;
using How = CommandEnd::How;

CommandEnd run(Command command) {
    LocalRunner runner;
    auto end = runner.run(command);
    EXPECT_TRUE(end) << (end ? "" : end.error().text);
    return end ? std::move(*end) : CommandEnd{};
}

/// A program of a few lines, written by the test and nobody else.
Command script(const std::string& text, Duration limit = 10s) {
    Command command{{"/bin/sh", "-c", text}};
    command.limits.total = limit;
    command.limits.grace = 100ms;
    return command;
}

TEST(LocalRunner, GivesBackWhatItSaidAndHowItEnded) {
    const auto end = run(script("echo out; echo err >&2; exit 3"));
    EXPECT_EQ(end.how, How::exited);
    EXPECT_EQ(end.code, 3);
    EXPECT_EQ(end.output, "out\n");
    EXPECT_EQ(end.errors, "err\n");
    EXPECT_EQ(describe(end), "ended with exit code 3: err");
}

TEST(LocalRunner, WordsAreWordsWhateverIsInThem) {
    const auto end = run({{"/usr/bin/printf", "<%s>", "a b", "$(id)", "'", "", "*", "; rm -rf /"}});
    EXPECT_EQ(end.output, "<a b><$(id)><'><><*><; rm -rf />");
}

TEST(LocalRunner, TheEnvironmentIsWhatIsGivenAndNothingElse) {
    ::setenv("GARITA_TEST_SECRET", "leaked", 1);
    EXPECT_EQ(run({{"/usr/bin/env"}}).output, "");
    Command command{{"/usr/bin/env"}};
    command.environment = {"LANG=C", "X=a b"};
    EXPECT_EQ(run(command).output, "LANG=C\nX=a b\n");
}

TEST(LocalRunner, InheritsNoDescriptorAndStandsInTheRoot) {
    const int stray = ::open("/dev/null", O_RDONLY);  // not close-on-exec, as a careless library leaves it
    ASSERT_GE(stray, 0);
    const auto end = run({{"/bin/ls", "/proc/self/fd"}});
    ::close(stray);
    EXPECT_EQ(end.output, "0\n1\n2\n3\n");  // 3 is the list itself
    EXPECT_EQ(run({{"/bin/pwd"}}).output, "/\n");
}

TEST(LocalRunner, SignalsAreAsAtTheStartOfAProgram) {
    std::signal(SIGPIPE, SIG_IGN);
    // the last digits: those that a C library keeps for itself stand above them
    const auto end = run(script("grep -E 'SigBlk|SigIgn' /proc/self/status | grep -o '.......$'"));
    std::signal(SIGPIPE, SIG_DFL);
    EXPECT_EQ(end.output, "0000000\n0000000\n");
}

TEST(LocalRunner, MuchInputAndMuchOutputAtOnceDoNotBlockEachOther) {
    Command command{{"/bin/cat"}};
    for (int i = 0; i < 400'000; ++i)
        command.input += "line " + std::to_string(i) + "\n";
    const auto end = run(command);
    EXPECT_TRUE(end.exited_with(0));
    EXPECT_EQ(end.output, command.input);
}

TEST(LocalRunner, OneThatNeverReadsIsNoTrouble) {
    Command command{{"/bin/true"}};
    command.input.assign(std::size_t{8} << 20U, 'x');
    EXPECT_TRUE(run(command).exited_with(0));
}

TEST(LocalRunner, InputCanBeOpenedByName) {
    Command command{{"/bin/cat", "/dev/stdin"}};
    command.input = "by name\n";
    EXPECT_EQ(run(command).output, "by name\n");
}

TEST(LocalRunner, ASinkGetsEverythingInOrder) {
    LocalRunner runner;
    std::string taken;
    const auto end =
        runner.run({{"/usr/bin/seq", "1", "200000"}}, [&](std::string_view part) { taken += part; });
    ASSERT_TRUE(end);
    EXPECT_TRUE(end->output.empty());
    EXPECT_EQ(taken.size(), 1'288'895U);
    EXPECT_EQ(taken.substr(0, 4), "1\n2\n");
    EXPECT_EQ(taken.substr(taken.size() - 7), "200000\n");
}

TEST(LocalRunner, AFloodIsEndedAtItsBound) {
    Command command{{"/usr/bin/yes"}};
    command.limits.output = 100'000;
    const auto end = run(command);
    EXPECT_EQ(end.how, How::flooded);
    EXPECT_LE(end.output.size(), 100'000U);
    EXPECT_LT(end.took, 5s);
}

TEST(LocalRunner, AFloodOfErrorsIsEndedToo) {
    auto command = script("exec yes error >&2");
    command.limits.output = 10'000;
    command.limits.errors = 1000;
    const auto end = run(command);
    EXPECT_EQ(end.how, How::flooded);
    EXPECT_EQ(end.errors.size(), 1000U);
}

TEST(LocalRunner, TheBeginningOfManyErrorsIsKeptAndTheProgramMayFinish) {
    auto command = script("seq 1 30000 >&2; echo done");
    command.limits.errors = 10;
    const auto end = run(command);
    EXPECT_TRUE(end.exited_with(0));
    EXPECT_EQ(end.errors, "1\n2\n3\n4\n5\n");
    EXPECT_EQ(end.output, "done\n");
}

TEST(LocalRunner, OneThatHangsIsEndedAtItsTime) {
    const auto end = run(script("echo begun; exec sleep 60", 200ms));
    EXPECT_EQ(end.how, How::timed_out);
    EXPECT_EQ(end.output, "begun\n");
    EXPECT_GE(end.took, 200ms);
    EXPECT_LT(end.took, 5s);
}

TEST(LocalRunner, OneThatWantsNoEndIsKilled) {
    const auto end = run(script("trap '' TERM; while :; do sleep 1; done", 200ms));
    EXPECT_EQ(end.how, How::timed_out);
    EXPECT_GE(end.took, 300ms);
    EXPECT_LT(end.took, 5s);
}

TEST(LocalRunner, OneThatClosedItsOutputIsWaitedForAndStillHasItsLimit) {
    EXPECT_TRUE(run(script("exec >&- 2>&-; sleep 0.3; exit 0")).took >= 300ms);
    EXPECT_EQ(run(script("exec >&- 2>&-; sleep 60", 200ms)).how, How::timed_out);
}

bool alive(const std::string& pid) {
    std::ifstream status("/proc/" + pid + "/stat");
    std::string number;
    std::string name;
    std::string state;
    return status >> number >> name >> state && state != "Z";
}

TEST(LocalRunner, ChildrenLeftBehindEndWithIt) {
    const support::TemporaryDirectory directory;
    const auto end = run(script("sleep 300 & echo $! > " + directory / "pid" + "; echo out"));
    EXPECT_TRUE(end.exited_with(0));
    EXPECT_EQ(end.output, "out\n");
    EXPECT_LT(end.took, 5s);  // the child still held the pipe open
    std::string pid;
    std::ifstream(directory / "pid") >> pid;
    ASSERT_FALSE(pid.empty());
    EXPECT_TRUE(testing_support::eventually([&] { return !alive(pid); }));
}

TEST(LocalRunner, AtItsTimeTheWholeGroupEnds) {
    const support::TemporaryDirectory directory;
    const auto end =
        run(script("(trap '' TERM; sleep 300) & echo $! > " + directory / "pid" + "; wait", 300ms));
    EXPECT_EQ(end.how, How::timed_out);
    std::string pid;
    std::ifstream(directory / "pid") >> pid;
    ASSERT_FALSE(pid.empty());
    EXPECT_TRUE(testing_support::eventually([&] { return !alive(pid); }));
}

TEST(LocalRunner, OneThatFleesIntoASessionOfItsOwnIsNotWaitedFor) {
    const support::TemporaryDirectory directory;
    const auto end =
        run(script("setsid sh -c 'echo $$ > " + directory / "pid" + "; exec sleep 30' & sleep 0.2"));
    EXPECT_TRUE(end.exited_with(0));
    EXPECT_LT(end.took, 5s);
    pid_t pid = 0;
    std::ifstream(directory / "pid") >> pid;
    ASSERT_GT(pid, 0);
    EXPECT_EQ(::kill(pid, SIGKILL), 0);
}

TEST(LocalRunner, ADeathBySignalIsTold) {
    const auto end = run(script("kill -SEGV $$"));
    EXPECT_EQ(end.how, How::signalled);
    EXPECT_EQ(end.code, SIGSEGV);
    EXPECT_EQ(describe(end), "was killed by signal 11");
}

TEST(LocalRunner, WhatCannotRunIsAnErrorThatNamesIt) {
    LocalRunner runner;
    for (const char* program : {"/nowhere/at/all", "/etc/passwd", "/"}) {
        const auto end = runner.run({{program}});
        ASSERT_FALSE(end) << program;
        EXPECT_EQ(end.error().code, ErrorCode::invalid);
        EXPECT_NE(end.error().text.find(program), std::string::npos);
    }
    EXPECT_FALSE(runner.run({}));
    EXPECT_FALSE(runner.run({{"sh"}}));
    EXPECT_FALSE(runner.run({{"./sh"}}));
    EXPECT_FALSE(runner.run({{"/bin/echo", std::string("a\0b", 3)}}));
}

TEST(LocalRunner, LeavesNoZombieAndNoDescriptor) {
    const auto count = [] {
        const std::filesystem::directory_iterator open("/proc/self/fd");
        return std::distance(begin(open), end(open));
    };
    const auto before = count();
    for (int i = 0; i < 20; ++i)
        (void)run(script(i % 2 == 0 ? "exit 1" : "sleep 9", 10ms));
    EXPECT_EQ(count(), before);
    EXPECT_EQ(run({{"/bin/sh", "-c", "ps --ppid $PPID -o stat= | grep -c Z"}}).output, "0\n");
}

TEST(LocalRunner, ManyThreadsRunTheirOwn) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([t] {
            for (int i = 0; i < 20; ++i)
                EXPECT_EQ(run({{"/bin/echo", std::to_string(t), std::to_string(i)}}).output,
                          std::to_string(t) + " " + std::to_string(i) + "\n");
        });
    for (auto& thread : threads)
        thread.join();
}

TEST(Describe, KeepsTheLastWordsAndNoControls) {
    CommandEnd end;
    end.code = 1;
    end.errors = std::string(1000, 'x') + "\x1b[31mred\n";
    const auto text = describe(end);
    EXPECT_LT(text.size(), 360U);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.substr(text.size() - 8), " [31mred");
}

TEST(LocalRunner, AProgramIsEndedOnceTheDescriptorIsReadable) {
    const int stop = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ASSERT_GE(stop, 0);
    auto command = script("sleep 60", 60s);
    command.limits.stop_fd = stop;
    std::thread other([stop] {
        std::this_thread::sleep_for(100ms);
        ASSERT_EQ(::eventfd_write(stop, 1), 0);
    });
    const auto end = run(command);
    other.join();
    EXPECT_EQ(end.how, How::timed_out);
    EXPECT_LT(end.took, 10s);
    EXPECT_EQ(run(command).how, How::timed_out) << "it is readable from the beginning";
    ::close(stop);
}

}  // namespace
}  // namespace garita::runtime
