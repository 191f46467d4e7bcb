#include "adapters/linux_host/proc_files.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "adapters/linux_host/cpu_times.hpp"
#include "adapters/linux_host/process_table.hpp"
#include "adapters/linux_host/ssh_processes.hpp"

namespace garita::linux_host {
namespace {

constexpr std::string_view tail =
    " S 1 4242 4242 0 -1 4194560 100 0 0 0 7 5 0 0 20 0 1 0 987654 1000 50 18446744073709551615 1 1 0";

TEST(ProcessStat, ReadsTheFieldsBehindTheName) {
    const auto stat = parse_process_stat("4242 (sshd)" + std::string(tail));
    ASSERT_TRUE(stat);
    EXPECT_EQ(stat->pid, 4242);
    EXPECT_EQ(stat->name, "sshd");
    EXPECT_EQ(stat->state, 'S');
    EXPECT_EQ(stat->parent, 1);
    EXPECT_EQ(stat->cpu_ticks, 12U);
    EXPECT_EQ(stat->start_ticks, 987654U);
}

TEST(ProcessStat, IsNotMisledByANameThatLooksLikeFields) {
    const auto stat = parse_process_stat("4242 (a) R 9 9 (b)" + std::string(tail));
    ASSERT_TRUE(stat);
    EXPECT_EQ(stat->name, "a) R 9 9 (b");
    EXPECT_EQ(stat->parent, 1);
    EXPECT_EQ(stat->start_ticks, 987654U);
}

TEST(ProcessStat, RefusesWhatIsNotOne) {
    for (const auto* text : {"", "4242", "4242 (sshd", "4242 (sshd)", "x (sshd) S 1", "4242 (sshd) S 1 2 3",
                             ") (", "99999999999 (sshd) S 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"})
        EXPECT_FALSE(parse_process_stat(text)) << text;
}

TEST(CpuTimes, CountsEverythingThatIsNotIdle) {
    const auto times = parse_cpu_times("cpu  1 2 4 1000 2000 8 16 32 64 128\ncpu0 9 9 9 9\n");
    ASSERT_TRUE(times);
    EXPECT_EQ(times->busy, 63U) << "guest time is part of user time already";
    EXPECT_EQ(times->idle, 3000U);
    EXPECT_FALSE(parse_cpu_times("cpu0 1 2 3 4"));
    EXPECT_FALSE(parse_cpu_times("cpu 1 2 x 4"));
    EXPECT_FALSE(parse_cpu_times(""));
    const auto old_kernel = parse_cpu_times("cpu 1 2 3 4\n");
    ASSERT_TRUE(old_kernel);
    EXPECT_EQ(old_kernel->busy, 6U);
}

TEST(CpuTimes, UseIsTheShareOfBusyTime) {
    EXPECT_DOUBLE_EQ(detect::cpu_use({100, 100}, {175, 125}), 0.75);
    EXPECT_DOUBLE_EQ(detect::cpu_use({100, 100}, {200, 100}), 1.0);
    EXPECT_DOUBLE_EQ(detect::cpu_use({100, 100}, {100, 100}), 0.0);
    EXPECT_DOUBLE_EQ(detect::cpu_use({100, 100}, {50, 300}), 0.0) << "counters that went back say nothing";
}

TEST(Command, IsPrintableAndBounded) {
    using namespace std::string_literals;
    EXPECT_EQ(printable_command("sshd: ann [priv]\0\0\0"s), "sshd: ann [priv]");
    EXPECT_EQ(printable_command("/bin/x\0-a\0b\n\x1b[31m\0"s), "/bin/x -a b??[31m");
    EXPECT_EQ(printable_command(std::string(5000, 'a')).size(), 256U);
    EXPECT_EQ(printable_command(""), "");
}

TEST(SocketLink, GivesTheInode) {
    EXPECT_EQ(parse_socket_link("socket:[4711]"), 4711U);
    for (const auto* text :
         {"pipe:[4711]", "socket:[]", "socket:[47", "socket:[-1]", "socket:[99999999999]", ""})
        EXPECT_FALSE(parse_socket_link(text)) << text;
}

TEST(SshTitle, NamesTheUserOnceLoggedIn) {
    EXPECT_EQ(user_in_title("sshd: ann@pts/0"), "ann");
    EXPECT_EQ(user_in_title("sshd: ann@notty"), "ann");
    EXPECT_EQ(user_in_title("sshd: ann@corp.example@pts/0,pts/1"), "ann@corp.example");
    EXPECT_EQ(user_in_title("sshd-session: ann@pts/0"), "ann");
    for (const auto* title :
         {"sshd: ann [priv]", "sshd: ann [net]", "sshd: [accepted]", "sshd: unknown [priv]",
          "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", "sshd", "bash", ""})
        EXPECT_EQ(user_in_title(title), "") << title;
}

SshProcess process(std::int32_t pid, std::int32_t parent, const char* title, detect::SshServer server) {
    return {{.pid = pid, .parent = parent, .name = "sshd"}, title, server};
}

TEST(SshLoginOfProcesses, IsProvenByAServerOfTheHostsOwn) {
    using enum detect::SshServer;
    const auto real = login_of(
        {process(10, 2, "sshd: ann [priv]", hosts_own), process(11, 10, "sshd: ann@pts/0", unproven)});
    EXPECT_EQ(real.user, "ann");
    EXPECT_EQ(real.server, hosts_own);
    const auto of_root = login_of({process(10, 2, "sshd: root@notty", hosts_own)});
    EXPECT_EQ(of_root.user, "root");
    EXPECT_EQ(of_root.server, hosts_own);
    const auto not_yet = login_of({process(10, 2, "sshd: unknown [priv]", hosts_own)});
    EXPECT_EQ(not_yet.user, "");
}

TEST(SshLoginOfProcesses, IsNotWhatAnOrdinaryUserSays) {
    using enum detect::SshServer;
    const auto pretended = login_of({process(20, 2, "sshd: ana@pts/0", unproven)});
    EXPECT_EQ(pretended.user, "ana");
    EXPECT_EQ(pretended.server, unproven);
    const auto beside =
        login_of({process(10, 2, "sshd: ann [priv]", hosts_own), process(11, 10, "sshd: ann@pts/0", unproven),
                  process(20, 11, "sshd: ana@pts/0", unproven)});
    EXPECT_EQ(beside.user, "ann");
    EXPECT_EQ(login_of({}).server, unproven);
}

TEST(ProcFilesOfThisHost, TellWhoseAProcessIsAndWhatItRuns) {
    const ProcFiles proc;
    EXPECT_EQ(proc.is_roots(getpid()), getuid() == 0);
    EXPECT_EQ(proc.program(getpid()), "test_unit_adapters_linux_host");
    EXPECT_FALSE(proc.is_roots(0x7ffffff0));
    EXPECT_EQ(proc.program(0x7ffffff0), "");
}

TEST(CpuSource, NamesTheBusiestProcessesSinceTheLastCall) {
    const auto root = std::filesystem::temp_directory_path() / ("garita-proc-" + std::to_string(getpid()));
    const auto write = [&](const std::string& file, const std::string& text) {
        std::filesystem::create_directories((root / file).parent_path());
        std::ofstream(root / file) << text;
    };
    const auto process = [&](int pid, const std::string& name, int ticks, int start) {
        write(std::to_string(pid) + "/stat", std::to_string(pid) + " (" + name + ") R 1 1 1 0 -1 0 0 0 0 0 " +
                                                 std::to_string(ticks) + " 0 0 0 20 0 1 0 " +
                                                 std::to_string(start));
    };
    CpuSource source{ProcFiles(root.string())};
    write("stat", "cpu 1000 0 0 1000 0 0 0 0\n");
    process(10, "idle", 500, 1);
    process(11, "busy", 100, 2);
    process(12, "reused", 900, 3);
    EXPECT_TRUE(source.top_processes(5).value().empty());
    write("stat", "cpu 1100 0 0 1100 0 0 0 0\n");
    process(11, "busy", 150, 2);
    process(12, "reused", 20, 4);  // another process under the same id
    const auto top = source.top_processes(5).value();
    ASSERT_EQ(top.size(), 2U);
    EXPECT_EQ(top[0].pid, 11);
    EXPECT_EQ(top[0].command, "busy");
    EXPECT_DOUBLE_EQ(top[0].share, 0.25);
    EXPECT_EQ(top[1].pid, 12);
    EXPECT_DOUBLE_EQ(top[1].share, 0.1);
    process(11, "busy", 160, 2);
    process(12, "reused", 21, 4);
    write("stat", "cpu 1200 0 0 1200 0 0 0 0\n");
    EXPECT_EQ(source.top_processes(1).value().size(), 1U);
    std::filesystem::remove_all(root);
    EXPECT_FALSE(source.read());
}

TEST(ProcessTable, KnowsThisProcessAndNoneThatIsNotThere) {
    ProcessTable table;
    const auto self = table.process(getpid());
    ASSERT_TRUE(self);
    EXPECT_EQ(self->pid, getpid());
    EXPECT_GT(self->start_ticks, 0U);
    EXPECT_NE(self->command.find("test_unit_adapters_linux_host"), std::string::npos) << self->command;
    EXPECT_FALSE(table.process(0x7ffffff0));
}

TEST(TcpCountsInProc, AreFoundByTheirNames) {
    const std::string text =
        "Ip: Forwarding DefaultTTL\nIp: 1 64\n"
        "Tcp: RtoAlgorithm MaxConn ActiveOpens PassiveOpens CurrEstab OutRsts\n"
        "Tcp: 1 -1 18 4711 3 9\nUdp: InDatagrams\nUdp: 5\n";
    EXPECT_EQ(parse_tcp_counts(text), (TcpCounts{4711, 3}));
    EXPECT_EQ(parse_tcp_counts("Tcp: PassiveOpens CurrEstab\nTcp: 1 2"), (TcpCounts{1, 2}));
}

TEST(TcpCountsInProc, AreNothingWhereTheTextIsAnother) {
    for (const std::string_view text :
         {"", "Tcp: ", "Tcp: \n", "Tcp: PassiveOpens CurrEstab", "Tcp: PassiveOpens CurrEstab\n",
          "Tcp: PassiveOpens CurrEstab\nTcp: 1", "Tcp: PassiveOpens CurrEstab\nTcp: 1 -2\n",
          "Tcp: PassiveOpens\nTcp: 1\n", "xTcp: PassiveOpens CurrEstab\nTcp: 1 2\n"})
        EXPECT_EQ(parse_tcp_counts(text), std::nullopt) << text;
}

}  // namespace
}  // namespace garita::linux_host
