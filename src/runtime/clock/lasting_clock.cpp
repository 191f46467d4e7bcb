#include "runtime/clock/lasting_clock.hpp"

#include <charconv>
#include <ctime>
#include <fstream>

#include "runtime/clock/clock.hpp"

namespace garita::runtime {
namespace {

Duration since_boot() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::duration_cast<Duration>(std::chrono::seconds(now.tv_sec) +
                                                std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

LastingClock::LastingClock(std::string_view saved)
    : boot_(boot_id()), beginning_(system_now().time_since_epoch() - since_boot()) {
    const auto gap = saved.find(' ');
    if (gap == std::string_view::npos || boot_.empty() || saved.substr(0, gap) != boot_) return;
    Duration::rep count = 0;
    const auto* const end = saved.data() + saved.size();
    const auto read = std::from_chars(saved.data() + gap + 1, end, count);
    if (read.ec == std::errc{} && read.ptr == end) beginning_ = Duration(count);
}

Time LastingClock::now() const {
    return Time(beginning_ + since_boot());
}

std::string LastingClock::saved() const {
    return boot_ + " " + std::to_string(beginning_.count());
}

}  // namespace garita::runtime
