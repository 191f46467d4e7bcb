#pragma once
// How little of a program has to stay in memory while it waits. Loading two dozen libraries touches megabytes
// of their pages once (relocation, constructors, a first TLS handshake) and hardly ever again, yet they stay
// resident.

#include <cstddef>
#include <istream>
#include <vector>

namespace garita::runtime {

struct Mapping {
    std::size_t begin = 0;
    std::size_t end = 0;

    friend bool operator==(const Mapping&, const Mapping&) = default;
};

/// The mappings of files in a /proc/…/smaps text that are not writable and hold no page changed since it was
/// read: dropping these loses nothing.
[[nodiscard]] std::vector<Mapping> clean_file_mappings(std::istream& smaps);

/// Drops them from this process: what is used again is mapped again from the page cache, a fault each. To be
/// called when the start is over, and rarely afterwards. Returns how many bytes of mappings were given back;
/// 0 when /proc cannot be read.
std::size_t give_back_clean_pages();

}  // namespace garita::runtime
