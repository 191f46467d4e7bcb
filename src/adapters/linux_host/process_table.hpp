#pragma once
// The processes of this host, from /proc and the kernel's socket table.

#include <cstdint>
#include <optional>
#include <vector>

#include "adapters/linux_host/proc_files.hpp"
#include "detect/process_table.hpp"

namespace garita::linux_host {

/// Looks into the network namespace of the calling thread; needs to be root
/// to see the sockets of others. One thread at a time.
class ProcessTable final : public detect::ProcessTable {
  public:
    explicit ProcessTable(ProcFiles proc = ProcFiles()) : proc_(std::move(proc)) {}

    Result<std::optional<detect::ProcessRef>> find(const detect::Connection& connection) override;
    std::optional<detect::ProcessRef> process(std::int32_t pid) override;
    Result<std::vector<detect::SshSession>> list_ssh_sessions() override;
    Result<std::vector<detect::SshSession>> watch_ssh_sessions() override;

    /// Times that watch_ssh_sessions() had to walk through the processes.
    [[nodiscard]] std::uint64_t walks() const { return walks_; }

  private:
    ProcFiles proc_;
    std::optional<TcpCounts> seen_;  ///< at the last walk
    std::vector<detect::SshSession> sessions_;
    int looks_ = 0;  ///< since the counts changed
    std::uint64_t walks_ = 0;
};

}  // namespace garita::linux_host
