#pragma once
// How every replay goes through its files.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/replay.hpp"

namespace garita::detect {

/// visit(line without its end) for every line of a block.
template <typename Visit>
std::uint64_t for_each_line(std::string_view block, Visit visit) {
    std::uint64_t lines = 0;
    while (!block.empty()) {
        const void* end = __builtin_memchr(block.data(), '\n', block.size());
        const std::size_t size = end == nullptr
                                     ? block.size()
                                     : static_cast<std::size_t>(static_cast<const char*>(end) - block.data());
        visit(block.substr(0, size));
        block.remove_prefix(end == nullptr ? size : size + 1);
        ++lines;
    }
    return lines;
}

struct ReplayCount {
    std::uint64_t lines = 0;
    std::uint64_t overlong = 0;  ///< of these, lines that were too long to be looked at
};

/// begin(source) before each file, then visit(line) for each of its lines. Stops at the first file that
/// cannot be read.
template <typename Begin, typename Visit>
Result<ReplayCount> replay_lines(const std::vector<std::string>& files, const ReplayProgress& progress,
                                 Begin begin, Visit visit) {
    ReplayCount count;
    for (const auto& file : files) {
        auto source = ReplaySource::open(file);
        if (!source) return tl::unexpected<Error>(source.error());
        begin(*source);
        while (true) {
            const auto block = source->next();
            if (!block) return tl::unexpected<Error>(block.error());
            if (block->empty()) break;
            count.lines += for_each_line(*block, visit);
            if (progress) progress(*source, count.lines);
        }
        count.lines += source->overlong_lines();
        count.overlong += source->overlong_lines();
    }
    return count;
}

}  // namespace garita::detect
