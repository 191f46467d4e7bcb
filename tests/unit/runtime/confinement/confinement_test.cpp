// Each test tries things in a child process: what is given up cannot be had again.

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <sched.h>
#include <string>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "runtime/confinement/privileges.hpp"
#include "runtime/confinement/system_calls.hpp"

namespace garita::runtime {
namespace {

/// The line of the first check that failed, 0 when all held; 128 and the signal when it was killed.
int in_child(const std::function<int()>& checks) {
    const pid_t pid = fork();
    if (pid == 0) _exit(checks());
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define HOLDS(condition) \
    if (!(condition)) return (__LINE__ % 120) + 1

bool refused(long result) {
    return result == -1 && errno == EPERM;
}

std::string status_line(const std::string& name) {
    std::string text(8192, '\0');
    const int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    const auto size = read(fd, text.data(), text.size());
    close(fd);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    const auto at = text.find("\n" + name + ":\t");
    if (at == std::string::npos) return {};
    const auto start = at + name.size() + 3;
    return text.substr(start, text.find('\n', start) - start);
}

bool is_root() {
    return geteuid() == 0;
}
bool filters_are_built_in() {
    return in_child([] { return forbid_what_watching_never_needs().value() == Filter::in_force ? 1 : 0; }) ==
           1;
}

TEST(Privileges, OnlyTheKeptCapabilitiesAreLeftAndNoneCanComeBack) {
    if (!is_root()) GTEST_SKIP() << "needs root: it has capabilities to give up";
    EXPECT_EQ(in_child([] {
                  HOLDS(keep_only({Capability::net_admin, Capability::kill}));
                  const std::string both = "0000000000001020";
                  HOLDS(status_line("CapEff") == both);
                  HOLDS(status_line("CapPrm") == both);
                  HOLDS(status_line("CapBnd") == both);
                  HOLDS(status_line("CapInh") == "0000000000000000");
                  HOLDS(status_line("CapAmb") == "0000000000000000");
                  HOLDS(status_line("NoNewPrivs") == "1");
                  HOLDS(refused(mount("none", "/mnt", "tmpfs", 0, nullptr)));
                  HOLDS(refused(setuid(12345)));
                  return 0;
              }),
              0);
}

TEST(Privileges, AnAccountHasNoCapabilityAndItsGroups) {
    if (!is_root()) GTEST_SKIP() << "needs root: it becomes somebody else";
    const auto account = find_account("nobody");
    ASSERT_TRUE(account);
    EXPECT_FALSE(find_account("nobody-of-this-name"));
    EXPECT_EQ(
        in_child([&] {
            HOLDS(become(*account, {"adm", "no-such-group"}));
            HOLDS(getuid() == account->user && geteuid() == account->user && getgid() == account->group);
            HOLDS(status_line("CapEff") == "0000000000000000");
            HOLDS(status_line("CapBnd") == "0000000000000000");
            HOLDS(status_line("NoNewPrivs") == "1");
            HOLDS((" " + status_line("Groups")).find(" 4 ") != std::string::npos);
            HOLDS(refused(setuid(0)));
            HOLDS(open("/etc/shadow", O_RDONLY) == -1 && errno == EACCES);
            return 0;
        }),
        0);
}

TEST(SystemCalls, WatchingGoesOnAndTheRestIsRefused) {
    if (!filters_are_built_in()) GTEST_SKIP() << "built with a sanitizer: no filters";
    EXPECT_EQ(in_child([] {
                  HOLDS(forbid_what_watching_never_needs());
                  char* const arguments[] = {const_cast<char*>("true"), nullptr};
                  HOLDS(refused(execve("/bin/true", arguments, nullptr)));
                  HOLDS(refused(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)));
                  HOLDS(refused(mount("none", "/mnt", "tmpfs", 0, nullptr)));
                  HOLDS(refused(syscall(SYS_bpf, 0, nullptr, 0)));
                  HOLDS(refused(syscall(SYS_keyctl, 0, 0, 0, 0, 0)));
                  HOLDS(refused(syscall(SYS_init_module, nullptr, 0, "")));
                  HOLDS(refused(syscall(SYS_io_uring_setup, 1, nullptr)));
                  HOLDS(refused(unshare(CLONE_NEWUSER)));
                  HOLDS(refused(socket(AF_PACKET, SOCK_RAW, 0)));
                  HOLDS(refused(socket(200, SOCK_RAW, 0)));
                  for (const int family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK})
                      HOLDS(socket(family, family == AF_NETLINK ? SOCK_RAW : SOCK_DGRAM, 0) >= 0);
                  bool ran = false;
                  std::thread([&] { ran = true; }).join();
                  HOLDS(ran);
                  HOLDS(open("/dev/null", O_WRONLY) >= 0);
                  return 0;
              }),
              0);
}

TEST(SystemCalls, EnforcingWritesNoFileAndStartsNothing) {
    if (!filters_are_built_in()) GTEST_SKIP() << "built with a sanitizer: no filters";
    EXPECT_EQ(in_child([] {
                  HOLDS(allow_only_what_enforcing_needs());
                  HOLDS(open("/etc/passwd", O_RDONLY) >= 0);
                  HOLDS(refused(open("/dev/null", O_WRONLY)));
                  HOLDS(refused(open("/dev/null", O_RDWR)));
                  HOLDS(refused(open("/tmp/garita-must-not-be", O_RDONLY | O_CREAT, 0600)));
                  HOLDS(refused(unlink("/tmp/garita-must-not-be")));
                  HOLDS(refused(chmod("/tmp", 0777)));
                  HOLDS(refused(setuid(0)));
                  HOLDS(refused(kill(getpid(), 0)));
                  HOLDS(refused(fork()));
                  HOLDS(refused(socket(AF_INET, SOCK_STREAM, 0)));
                  HOLDS(socket(AF_NETLINK, SOCK_RAW, 0) >= 0);
                  HOLDS(mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
                        MAP_FAILED);
                  bool ran = false;
                  std::thread([&] { ran = true; }).join();
                  HOLDS(ran);
                  return 0;
              }),
              0);
    const auto killed = [](const std::function<void()>& deed) {
        return in_child([&] {
            if (!allow_only_what_enforcing_needs()) return 1;
            deed();
            return 0;
        });
    };
    char* const arguments[] = {const_cast<char*>("true"), nullptr};
    EXPECT_EQ(killed([&] { execve("/bin/true", arguments, nullptr); }), 128 + SIGSYS);
    EXPECT_EQ(killed([] { ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }), 128 + SIGSYS);
    EXPECT_EQ(killed([] { mount("none", "/mnt", "tmpfs", 0, nullptr); }), 128 + SIGSYS);
    EXPECT_EQ(killed([] { syscall(SYS_bpf, 0, nullptr, 0); }), 128 + SIGSYS);
}

}  // namespace
}  // namespace garita::runtime
