#pragma once
// How far a scan is: one line on standard error, written again and again, where that is a terminal.

#include <chrono>
#include <cstdint>
#include <mutex>

#include "scan/engine.hpp"

namespace garita::programs {

class ProgressLine {
  public:
    /// `all`: probes of the whole scan, which may go in parts.
    explicit ProgressLine(std::uint64_t all);
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// Of the part that is under way.
    void show(const scan::Progress& part);
    /// A part with so many probes is over.
    void add_done(std::uint64_t probes);
    /// Another kind of work, such as "reading banners".
    void say(const char* what);
    void clear();

  private:
    std::mutex mutex_;
    const bool on_;
    bool shown_ = false;
    std::uint64_t all_;
    std::uint64_t done_ = 0;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace garita::programs
