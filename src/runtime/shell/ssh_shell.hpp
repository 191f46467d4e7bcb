#pragma once
// A terminal by SSH (libssh). The host key is pinned, nothing of the machine's SSH configuration counts, and
// old algorithms are offered only where it is said so.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/shell/shell.hpp"

namespace garita::runtime {

struct SshShellAccess {
    std::string host;  ///< an address
    std::uint16_t port = 22;
    std::string user;
    std::string password;  ///< empty: by key only
    std::string key_file;  ///< a private key without a passphrase; empty: by password
    /// "SHA256:…", as ssh-keygen -l prints it. A host that shows another key is not logged in to.
    std::vector<std::string> host_keys;
    /// SHA-1, CBC and short RSA keys too, as switches of before 2015 need them.
    enum class Algorithms { modern, legacy } algorithms = Algorithms::modern;
    Duration within = std::chrono::seconds(15);  ///< from nothing to the shell
};

/// Errors: forbidden, which trying again makes worse: another host key, password or key refused; the password
/// is sent at most once. unavailable, later: out of reach, no common algorithm, closed before the login was
/// judged.
[[nodiscard]] Result<std::unique_ptr<Shell>> open_ssh_shell(const SshShellAccess& access);

/// The host key that a host shows, for pinning it: "SHA256:…". Nothing is logged in to.
[[nodiscard]] Result<std::string> shown_host_key(const SshShellAccess& access);

}  // namespace garita::runtime
