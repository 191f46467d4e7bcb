#pragma once
// Processor time of this host, from /proc.

#include <cstdint>
#include <map>
#include <utility>

#include "adapters/linux_host/proc_files.hpp"
#include "detect/cpu_source.hpp"

namespace garita::linux_host {

class CpuSource final : public detect::CpuSource {
  public:
    explicit CpuSource(ProcFiles proc = ProcFiles()) : proc_(std::move(proc)) {}

    Result<detect::CpuTimes> read() override;
    Result<std::vector<detect::ProcessUse>> top_processes(std::size_t limit) override;

  private:
    using ProcessId =
        std::pair<std::int32_t, std::uint64_t>;  // with its start, so that a later one is another

    ProcFiles proc_;
    std::map<ProcessId, std::uint64_t> ticks_before_;
    detect::CpuTimes times_before_;
};

}  // namespace garita::linux_host
