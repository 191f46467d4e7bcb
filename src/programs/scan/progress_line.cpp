#include "programs/scan/progress_line.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <unistd.h>

#include <fmt/core.h>

#include "programs/scan/scan_printer.hpp"

namespace garita::programs {
namespace {

std::string rate(double per_second) {
    return per_second < 10'000 ? fmt::format("{:.0f}/s", per_second)
                               : fmt::format("{:.0f} 000/s", per_second / 1000);
}

/// Of all parts, from the one under way where that is the last.
std::optional<Duration> left(std::uint64_t judged, std::uint64_t all, const scan::Progress& part, bool last,
                             std::chrono::steady_clock::duration since) {
    if (last && part.left) return part.left;
    if (judged == 0) return std::nullopt;
    const double passed = std::chrono::duration<double>(since).count();
    const double seconds = passed / static_cast<double>(judged) * static_cast<double>(all - judged);
    constexpr double longest = 1e9;
    return Duration(static_cast<std::int64_t>(std::min(seconds, longest) * 1e6));
}

}  // namespace

ProgressLine::ProgressLine(std::uint64_t all)
    : on_(isatty(STDERR_FILENO) != 0), all_(std::max<std::uint64_t>(all, 1)) {}

void ProgressLine::show(const scan::Progress& part) {
    const std::lock_guard lock(mutex_);
    if (!on_) return;
    const auto judged = std::min(done_ + part.judged, all_);
    const auto estimate =
        left(judged, all_, part, done_ + part.probes >= all_, std::chrono::steady_clock::now() - begun_);
    fmt::print(stderr, "\r\033[K{:.0f} %, {}{}",
               static_cast<double>(judged) * 100 / static_cast<double>(all_), rate(part.per_second),
               estimate ? ", " + rough_time(*estimate) + " left" : "");
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::add_done(std::uint64_t probes) {
    const std::lock_guard lock(mutex_);
    done_ += probes;
}

void ProgressLine::say(const char* what) {
    const std::lock_guard lock(mutex_);
    if (!on_) return;
    fmt::print(stderr, "\r\033[K{}", what);
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::clear() {
    const std::lock_guard lock(mutex_);
    if (!shown_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    shown_ = false;
}

}  // namespace garita::programs
