#include "runtime/confinement/privileges.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>
#include <vector>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace garita::runtime {
namespace {

constexpr unsigned most_capabilities = 64;

tl::unexpected<Error> cannot(const std::string& what) {
    return fail(ErrorCode::io, "cannot " + what + ": " + std::strerror(errno));
}

/// The kernel's two words of each set.
struct CapabilityState {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> words{};
};

std::vector<gid_t> groups_of(const Account& account, std::initializer_list<const char*> more) {
    std::vector<gid_t> groups(64);
    auto count = static_cast<int>(groups.size());
    if (getgrouplist(account.name.c_str(), account.group, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(count));
        (void)getgrouplist(account.name.c_str(), account.group, groups.data(), &count);
    }
    groups.resize(static_cast<std::size_t>(count));
    for (const char* name : more)
        if (const group* found = getgrnam(name)) groups.push_back(found->gr_gid);
    return groups;
}

}  // namespace

std::optional<Account> find_account(const std::string& name) {
    const passwd* found = getpwnam(name.c_str());
    if (found == nullptr) return std::nullopt;
    return Account{name, found->pw_uid, found->pw_gid};
}

std::string_view name_of(Capability capability) {
    switch (capability) {
        case Capability::dac_read_search:
            return "CAP_DAC_READ_SEARCH";
        case Capability::kill:
            return "CAP_KILL";
        case Capability::net_admin:
            return "CAP_NET_ADMIN";
        case Capability::net_raw:
            return "CAP_NET_RAW";
        case Capability::sys_ptrace:
            return "CAP_SYS_PTRACE";
        case Capability::bpf:
            return "CAP_BPF";
    }
    return "?";
}

bool holds(Capability capability) {
    CapabilityState state;
    if (syscall(SYS_capget, &state.header, state.words.data()) != 0) return false;
    const auto number = static_cast<unsigned>(capability);
    return (state.words[number / 32].effective >> number % 32 & 1U) != 0;
}

Result<void> keep_only(std::initializer_list<Capability> kept) {
    const auto wanted = [&](unsigned number) {
        return std::any_of(kept.begin(), kept.end(),
                           [&](Capability one) { return static_cast<unsigned>(one) == number; });
    };
    for (unsigned number = 0; number < most_capabilities; ++number) {
        if (wanted(number) || prctl(PR_CAPBSET_READ, number, 0, 0, 0) != 1) continue;
        // without the right to do so nothing can be gained any more either, by what follows
        if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0 && errno != EPERM)
            return cannot("narrow the bounding set of capabilities");
    }
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL)
        return cannot("clear the ambient capabilities");
    CapabilityState state;
    if (syscall(SYS_capget, &state.header, state.words.data()) != 0) return cannot("read the capabilities");
    for (unsigned word = 0; word < state.words.size(); ++word) {
        std::uint32_t mask = 0;
        for (unsigned bit = 0; bit < 32; ++bit)
            if (wanted(32 * word + bit)) mask |= 1U << bit;
        state.words[word].permitted &= mask;
        state.words[word].effective = state.words[word].permitted;
        state.words[word].inheritable = 0;
    }
    if (syscall(SYS_capset, &state.header, state.words.data()) != 0) return cannot("give up capabilities");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return cannot("set no_new_privs");
    return {};
}

Result<void> become(const Account& account, std::initializer_list<const char*> more_groups) {
    const auto groups = groups_of(account, more_groups);
    if (setgroups(groups.size(), groups.data()) != 0) return cannot("take the groups of " + account.name);
    if (setresgid(account.group, account.group, account.group) != 0)
        return cannot("take the group of " + account.name);
    // the bounding set while there is still the right to narrow it
    for (unsigned number = 0; number < most_capabilities; ++number)
        if (prctl(PR_CAPBSET_READ, number, 0, 0, 0) == 1) (void)prctl(PR_CAPBSET_DROP, number, 0, 0, 0);
    if (setresuid(account.user, account.user, account.user) != 0) return cannot("become " + account.name);
    return keep_only({});
}

}  // namespace garita::runtime
