#include "programs/process/disk.hpp"

#include <fmt/format.h>
#include <system_error>

namespace garita::programs {
namespace {

/// A store needs room for its log of changes beside the data.
constexpr std::uintmax_t full_below = 1024 * 1024;
constexpr std::uintmax_t narrow_below = 64ULL * 1024 * 1024;

}  // namespace

std::optional<std::string> disk_trouble(const std::filesystem::path& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    if (error) return fmt::format("the disk of {} cannot be asked: {}", folder.string(), error.message());
    // A small disk of its own is a choice: then a tenth of it counts.
    if (space.available >= narrow_below || space.available >= space.capacity / 10) return std::nullopt;
    const auto left = space.available / (1024 * 1024);
    if (space.available < full_below)
        return fmt::format(
            "the disk of {} is full: nothing new can be stored until there is space; make some",
            folder.string());
    return fmt::format("the disk of {} is nearly full: {} MB left", folder.string(), left);
}

}  // namespace garita::programs
