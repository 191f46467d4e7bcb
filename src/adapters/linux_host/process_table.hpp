#pragma once
// The processes of this host, from /proc and the kernel's socket table.

#include "adapters/linux_host/proc_files.hpp"
#include "detect/process_table.hpp"

namespace garita::linux_host {

/// Looks into the network namespace of the calling thread; needs to be root to see the sockets of others.
class ProcessTable final : public detect::ProcessTable {
  public:
    explicit ProcessTable(ProcFiles proc = ProcFiles()) : proc_(std::move(proc)) {}

    Result<std::optional<detect::ProcessRef>> find(const detect::Connection& connection) override;
    std::optional<detect::ProcessRef> process(std::int32_t pid) override;
    Result<std::vector<detect::SshSession>> list_ssh_sessions() override;

  private:
    ProcFiles proc_;
};

}  // namespace garita::linux_host
