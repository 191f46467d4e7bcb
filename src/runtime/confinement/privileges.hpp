#pragma once
// Giving privileges away, for good: once in the calling process, while it has one thread.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "model/result.hpp"

namespace garita::runtime {

/// The few that Garita ever holds; the numbers are the kernel's.
enum class Capability : unsigned {
    dac_read_search = 2,
    kill = 5,
    net_admin = 12,
    net_raw = 13,
    sys_ptrace = 19,
    bpf = 39
};
/// "CAP_BPF"
[[nodiscard]] std::string_view name_of(Capability capability);
/// Whether this process may use it now.
[[nodiscard]] bool holds(Capability capability);

/// An account of this machine.
struct Account {
    std::string name;
    uid_t user = 0;
    gid_t group = 0;
};
/// Nothing: there is none of this name.
[[nodiscard]] std::optional<Account> find_account(const std::string& name);

/// Neither this process nor what it may ever start gets other capabilities than those of the list that it has
/// now; what it starts gains nothing by set-uid bits.
[[nodiscard]] Result<void> keep_only(std::initializer_list<Capability> kept);

/// From now on this account, with its groups and those of `more_groups` that exist, without any capability.
/// The process has to be root.
[[nodiscard]] Result<void> become(const Account& account, std::initializer_list<const char*> more_groups);

}  // namespace garita::runtime
