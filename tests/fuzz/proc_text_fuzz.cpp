// What /proc says of processes that choose their own names and arguments. Invariants: what is shown is one
// printable line of bounded length; no title makes a process somebody's session.

#include <string>

#include "adapters/linux_host/proc_files.hpp"
#include "adapters/linux_host/ssh_processes.hpp"
#include "runtime/proc/process_owner.hpp"
#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace garita::linux_host;
    using garita::fuzz::must;
    const auto text = garita::fuzz::text_of(data, size);
    if (const auto stat = parse_process_stat(text)) {
        must(stat->pid > 0 && garita::fuzz::inside({}, text));
        (void)is_sshd(stat->name);
    }
    (void)parse_cpu_times(text);
    const auto command = printable_command(text);
    must(command.size() <= 256 && garita::fuzz::printable(command));
    (void)parse_socket_link(text);
    (void)garita::runtime::parse_process_owner(text);
    const auto user = user_in_title(text);
    must(user.size() <= text.size());
    return 0;
}
