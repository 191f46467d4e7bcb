#include "runtime/confinement/system_calls.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <seccomp.h>
#include <span>

#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace garita::runtime {
namespace {

/// Of no use to any part of Garita, of much to somebody who has got into one.
constexpr std::array never_needed = {SCMP_SYS(execve),
                                     SCMP_SYS(execveat),
                                     SCMP_SYS(ptrace),
                                     SCMP_SYS(process_vm_readv),
                                     SCMP_SYS(process_vm_writev),
                                     SCMP_SYS(pidfd_getfd),
                                     SCMP_SYS(kcmp),
                                     SCMP_SYS(mount),
                                     SCMP_SYS(umount2),
                                     SCMP_SYS(pivot_root),
                                     SCMP_SYS(chroot),
                                     SCMP_SYS(move_mount),
                                     SCMP_SYS(open_tree),
                                     SCMP_SYS(fsopen),
                                     SCMP_SYS(fsconfig),
                                     SCMP_SYS(fsmount),
                                     SCMP_SYS(fspick),
                                     SCMP_SYS(mount_setattr),
                                     SCMP_SYS(init_module),
                                     SCMP_SYS(finit_module),
                                     SCMP_SYS(delete_module),
                                     SCMP_SYS(kexec_load),
                                     SCMP_SYS(kexec_file_load),
                                     SCMP_SYS(bpf),
                                     SCMP_SYS(keyctl),
                                     SCMP_SYS(add_key),
                                     SCMP_SYS(request_key),
                                     SCMP_SYS(perf_event_open),
                                     SCMP_SYS(userfaultfd),
                                     SCMP_SYS(setns),
                                     SCMP_SYS(unshare),
                                     SCMP_SYS(reboot),
                                     SCMP_SYS(swapon),
                                     SCMP_SYS(swapoff),
                                     SCMP_SYS(acct),
                                     SCMP_SYS(quotactl),
                                     SCMP_SYS(sethostname),
                                     SCMP_SYS(setdomainname),
                                     SCMP_SYS(settimeofday),
                                     SCMP_SYS(clock_settime),
                                     SCMP_SYS(adjtimex),
                                     SCMP_SYS(clock_adjtime),
                                     SCMP_SYS(iopl),
                                     SCMP_SYS(ioperm),
                                     SCMP_SYS(open_by_handle_at),
                                     SCMP_SYS(name_to_handle_at),
                                     SCMP_SYS(io_uring_setup),
                                     SCMP_SYS(io_uring_enter),
                                     SCMP_SYS(io_uring_register),
                                     SCMP_SYS(personality),
                                     SCMP_SYS(vhangup),
                                     SCMP_SYS(syslog),
                                     SCMP_SYS(mknod),
                                     SCMP_SYS(mknodat),
                                     SCMP_SYS(fanotify_init)};

/// Without arguments that would have to be looked at.
constexpr std::array enforcing = {SCMP_SYS(read),
                                  SCMP_SYS(readv),
                                  SCMP_SYS(pread64),
                                  SCMP_SYS(write),
                                  SCMP_SYS(writev),
                                  SCMP_SYS(close),
                                  SCMP_SYS(fstat),
                                  SCMP_SYS(newfstatat),
                                  SCMP_SYS(stat),
                                  SCMP_SYS(lstat),
                                  SCMP_SYS(statx),
                                  SCMP_SYS(lseek),
                                  SCMP_SYS(access),
                                  SCMP_SYS(faccessat),
                                  SCMP_SYS(faccessat2),
                                  SCMP_SYS(readlink),
                                  SCMP_SYS(readlinkat),
                                  SCMP_SYS(getdents64),
                                  SCMP_SYS(fstatfs),
                                  SCMP_SYS(fcntl),
                                  SCMP_SYS(munmap),
                                  SCMP_SYS(mremap),
                                  SCMP_SYS(madvise),
                                  SCMP_SYS(brk),
                                  SCMP_SYS(rt_sigaction),
                                  SCMP_SYS(rt_sigprocmask),
                                  SCMP_SYS(rt_sigreturn),
                                  SCMP_SYS(sigaltstack),
                                  SCMP_SYS(connect),
                                  SCMP_SYS(bind),
                                  SCMP_SYS(sendto),
                                  SCMP_SYS(sendmsg),
                                  SCMP_SYS(sendmmsg),
                                  SCMP_SYS(recvfrom),
                                  SCMP_SYS(recvmsg),
                                  SCMP_SYS(recvmmsg),
                                  SCMP_SYS(shutdown),
                                  SCMP_SYS(getsockname),
                                  SCMP_SYS(getpeername),
                                  SCMP_SYS(getsockopt),
                                  SCMP_SYS(setsockopt),
                                  SCMP_SYS(poll),
                                  SCMP_SYS(ppoll),
                                  SCMP_SYS(futex),
                                  SCMP_SYS(set_robust_list),
                                  SCMP_SYS(rseq),
                                  SCMP_SYS(pidfd_open),
                                  SCMP_SYS(pidfd_send_signal),
                                  SCMP_SYS(tgkill),
                                  SCMP_SYS(getpid),
                                  SCMP_SYS(getppid),
                                  SCMP_SYS(gettid),
                                  SCMP_SYS(getuid),
                                  SCMP_SYS(geteuid),
                                  SCMP_SYS(getgid),
                                  SCMP_SYS(getegid),
                                  SCMP_SYS(getresuid),
                                  SCMP_SYS(getresgid),
                                  SCMP_SYS(getrandom),
                                  SCMP_SYS(clock_gettime),
                                  SCMP_SYS(clock_getres),
                                  SCMP_SYS(gettimeofday),
                                  SCMP_SYS(time),
                                  SCMP_SYS(clock_nanosleep),
                                  SCMP_SYS(nanosleep),
                                  SCMP_SYS(restart_syscall),
                                  SCMP_SYS(sched_yield),
                                  SCMP_SYS(sched_getaffinity),
                                  SCMP_SYS(sysinfo),
                                  SCMP_SYS(uname),
                                  SCMP_SYS(exit),
                                  SCMP_SYS(exit_group)};

/// The kernel's program and its maps, and their names in its file system (bpffs).
constexpr std::array limiting = {
    SCMP_SYS(bpf),    SCMP_SYS(capget),   SCMP_SYS(mkdir),  SCMP_SYS(mkdirat),  SCMP_SYS(rmdir),
    SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2)};

/// A filter on its way into the kernel. Remembers the first error, so that a list of rules needs one check.
class Rules {
  public:
    explicit Rules(std::uint32_t otherwise) : context_(seccomp_init(otherwise)) {
        if (!context_) error_ = ENOMEM;
    }
    template <typename... Conditions>
    void add(std::uint32_t action, int call, Conditions... conditions) {
        // a call that this architecture does not have needs no rule
        if (error_ == 0 && call >= 0)
            error_ = -seccomp_rule_add(context_.get(), action, call, sizeof...(Conditions), conditions...);
    }
    void add(std::uint32_t action, std::span<const int> calls) {
        for (const int call : calls)
            add(action, call);
    }
    [[nodiscard]] Result<Filter> load() {
        if (error_ == 0) error_ = -seccomp_load(context_.get());
        if (error_ == 0) return Filter::in_force;
        return fail(ErrorCode::io,
                    std::string("cannot set up the filter of system calls: ") + std::strerror(error_));
    }

  private:
    struct Releaser {
        void operator()(void* context) const { seccomp_release(context); }
    };
    std::unique_ptr<void, Releaser> context_;
    int error_ = 0;
};

constexpr bool built_in = GARITA_SYSTEM_CALL_FILTER != 0;
constexpr std::uint32_t refuse = SCMP_ACT_ERRNO(EPERM);

/// The library's macros for this are C only.
scmp_arg_cmp argument(unsigned position, scmp_compare comparison, scmp_datum_t one, scmp_datum_t other = 0) {
    return {position, comparison, one, other};
}

}  // namespace

Result<Filter> forbid_what_watching_never_needs() {
    if (!built_in) return Filter::left_out;
    Rules rules(SCMP_ACT_ALLOW);
    rules.add(refuse, never_needed);
    constexpr scmp_datum_t last_family = 64;
    for (scmp_datum_t family = 0; family < last_family; ++family)
        if (family != AF_UNIX && family != AF_INET && family != AF_INET6 && family != AF_NETLINK)
            rules.add(refuse, SCMP_SYS(socket), argument(0, SCMP_CMP_EQ, family));
    rules.add(refuse, SCMP_SYS(socket), argument(0, SCMP_CMP_GE, last_family));
    return rules.load();
}

Result<Filter> forbid_what_rule_programs_never_need() {
    if (!built_in) return Filter::left_out;
    Rules rules(SCMP_ACT_ALLOW);
    for (const int call : never_needed)
        if (call != SCMP_SYS(execve) && call != SCMP_SYS(execveat)) rules.add(refuse, call);
    return rules.load();
}

Result<Filter> allow_only_what_enforcing_needs(Enforcing how) {
    if (!built_in) return Filter::left_out;
    constexpr scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
    Rules rules(refuse);
    for (const int call : never_needed)
        if (call != SCMP_SYS(bpf) || how != Enforcing::and_limiter) rules.add(SCMP_ACT_KILL_PROCESS, call);
    if (how == Enforcing::and_limiter) rules.add(SCMP_ACT_ALLOW, limiting);
    rules.add(SCMP_ACT_ALLOW, enforcing);
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(openat), argument(2, SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(open), argument(1, SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(socket), argument(0, SCMP_CMP_EQ, AF_NETLINK));
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(socket), argument(0, SCMP_CMP_EQ, AF_UNIX));
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(mmap), argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(mprotect), argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // threads, but no processes; the arguments of clone3 cannot be looked at, and the C library knows another
    // way
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(clone), argument(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    rules.add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(prctl), argument(0, SCMP_CMP_EQ, PR_SET_NAME));
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(prctl), argument(0, SCMP_CMP_EQ, PR_GET_NAME));
    rules.add(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), argument(2, SCMP_CMP_EQ, 0));  // looking only
    return rules.load();
}

}  // namespace garita::runtime
