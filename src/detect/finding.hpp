#pragma once
// What a log detector found, before it becomes an alert of the model.

#include <cstdint>
#include <string>

#include "detect/sliding_window.hpp"
#include "model/alert.hpp"
#include "model/ip.hpp"

namespace garita::detect {

struct Finding {
    std::string kind;  ///< "http_errors", or the name of a pattern filter
    Severity severity = Severity::warning;
    IpNetwork source;         ///< an address, or the network that addresses of one source are grouped by
    std::uint32_t count = 0;  ///< events in the window that raised it
    std::chrono::seconds window{};
    EventTime first;  ///< oldest event in that window
    EventTime last;   ///< newest event of the source
    Facts facts;      ///< further evidence
};

}  // namespace garita::detect
