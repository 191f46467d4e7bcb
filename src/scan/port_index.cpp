#include "scan/port_index.hpp"

#include <algorithm>

namespace garita::scan {

PortIndex::PortIndex(const PortSet& ports) {
    runs_.reserve(ports.ranges().size());
    for (const auto& range : ports.ranges()) {
        runs_.push_back({range.first, range.last, size_});
        size_ += std::uint32_t{range.last} - range.first + 1;
    }
}

Port PortIndex::at(std::uint32_t number) const {
    const Run* run = runs_.data();
    if (runs_.size() > 1) {
        const auto after = std::upper_bound(runs_.begin(), runs_.end(), number,
                                            [](std::uint32_t n, const Run& r) { return n < r.number; });
        run = &*std::prev(after);
    }
    return static_cast<Port>(run->first + (number - run->number));
}

std::optional<std::uint32_t> PortIndex::number_of(Port port) const {
    const auto after = std::upper_bound(runs_.begin(), runs_.end(), port,
                                        [](Port p, const Run& run) { return p < run.first; });
    if (after == runs_.begin()) return std::nullopt;
    const Run& run = *std::prev(after);
    if (port > run.last) return std::nullopt;
    return run.number + (std::uint32_t{port} - run.first);
}

}  // namespace garita::scan
