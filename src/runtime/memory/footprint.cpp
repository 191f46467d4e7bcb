#include "runtime/memory/footprint.hpp"

#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include <sys/mman.h>

namespace garita::runtime {
namespace {

std::optional<std::size_t> hexadecimal(std::string_view text) {
    std::size_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.empty() || error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "7f00-7f10 r-xp 00000000 08:01 123 /usr/lib/x.so": a private, read-only mapping of a file.
std::optional<Mapping> droppable(const std::string& line) {
    std::istringstream fields(line);
    std::string range;
    std::string rights;
    std::string offset;
    std::string device;
    std::string inode;
    std::string path;
    fields >> range >> rights >> offset >> device >> inode >> path;
    const auto dash = range.find('-');
    if (dash == std::string::npos || rights.size() != 4 || rights[1] != '-' || rights[3] != 'p')
        return std::nullopt;
    if (!path.starts_with('/') || inode == "0") return std::nullopt;
    const auto begin = hexadecimal(std::string_view(range).substr(0, dash));
    const auto end = hexadecimal(std::string_view(range).substr(dash + 1));
    if (!begin || !end || *end <= *begin) return std::nullopt;
    return Mapping{*begin, *end};
}

bool is_attribute(const std::string& line) {
    return !line.empty() && line.front() >= 'A' && line.front() <= 'Z';
}

}  // namespace

std::vector<Mapping> clean_file_mappings(std::istream& smaps) {
    std::vector<Mapping> mappings;
    std::optional<Mapping> current;
    for (std::string line; std::getline(smaps, line);) {
        if (!is_attribute(line)) {
            current = droppable(line);
        } else if (current && line.starts_with("Anonymous:")) {
            // pages that relocation has changed would be lost: they count as anonymous
            if (line.ends_with(" 0 kB")) mappings.push_back(*current);
            current.reset();
        }
    }
    return mappings;
}

std::size_t give_back_clean_pages() {
    std::ifstream smaps("/proc/self/smaps");
    std::size_t given = 0;
    for (const auto& [begin, end] : clean_file_mappings(smaps)) {
        void* const mapping =
            reinterpret_cast<void*>(begin);  // NOLINT(performance-no-int-to-ptr): as the kernel wrote it
        if (::madvise(mapping, end - begin, MADV_DONTNEED) == 0) given += end - begin;
    }
    return given;
}

}  // namespace garita::runtime
