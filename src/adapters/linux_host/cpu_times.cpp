#include "adapters/linux_host/cpu_times.hpp"

#include <algorithm>

namespace garita::linux_host {
namespace {

constexpr std::size_t longest_name = 64;

}  // namespace

Result<detect::CpuTimes> CpuSource::read() {
    const auto text = proc_.read("stat", 1024);
    const auto times = text ? parse_cpu_times(*text) : std::nullopt;
    if (!times) return fail(ErrorCode::io, "cannot read the processor times in /proc/stat", Retry::later);
    return *times;
}

Result<std::vector<detect::ProcessUse>> CpuSource::top_processes(std::size_t limit) {
    const auto times = read();
    if (!times) return tl::unexpected(times.error());
    const bool first = ticks_before_.empty();
    const std::uint64_t passed = (times->busy + times->idle) - (times_before_.busy + times_before_.idle);
    std::map<ProcessId, std::uint64_t> ticks;
    std::vector<detect::ProcessUse> top;
    for (const auto pid : proc_.pids()) {
        const auto stat = proc_.stat(pid);
        if (!stat) continue;
        const ProcessId id{pid, stat->start_ticks};
        ticks[id] = stat->cpu_ticks;
        const auto before = ticks_before_.find(id);
        const std::uint64_t base = before == ticks_before_.end() ? 0 : before->second;
        if (first || passed == 0 || stat->cpu_ticks <= base) continue;
        top.push_back({pid, printable_command(stat->name).substr(0, longest_name),
                       static_cast<double>(stat->cpu_ticks - base) / static_cast<double>(passed)});
    }
    ticks_before_ = std::move(ticks);
    times_before_ = *times;
    const auto kept = std::min(limit, top.size());
    std::partial_sort(top.begin(), top.begin() + static_cast<std::ptrdiff_t>(kept), top.end(),
                      [](const auto& a, const auto& b) { return a.share > b.share; });
    top.resize(kept);
    return top;
}

}  // namespace garita::linux_host
