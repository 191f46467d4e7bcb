#pragma once
// Which system calls a process may still make. For good, for the calling thread and all that it starts
// afterwards: call it while there is one thread.

#include "model/result.hpp"

namespace garita::runtime {

enum class Filter {
    in_force,
    left_out,  ///< this program was built with a sanitizer, which could not run under it
};

/// For a process that waits, reads and talks to the network: programs, debugging, mounts, modules, keys,
/// clocks and the like are refused with EPERM, and so are sockets of other families than Unix, IPv4, IPv6 and
/// netlink.
[[nodiscard]] Result<Filter> forbid_what_watching_never_needs();

/// The same for a process that runs programs which keep rules, and for these: they may be started, and may
/// open any kind of socket.
[[nodiscard]] Result<Filter> forbid_what_rule_programs_never_need();

enum class Enforcing { by_netlink, and_limiter };
/// For the enforcing process: netlink and Unix sockets, reading files, signals to processes that it holds;
/// everything else is refused with EPERM. It cannot open a file for writing. Starting a program, debugging,
/// mounting or loading code into the kernel ends the process. With the limiter it may load that program, and
/// make, rename and remove folders and names, which is how the kernel's file system of maps is used.
[[nodiscard]] Result<Filter> allow_only_what_enforcing_needs(Enforcing how = Enforcing::by_netlink);

}  // namespace garita::runtime
