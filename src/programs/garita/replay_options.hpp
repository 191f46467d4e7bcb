#pragma once
// Options that several replays have in common, checked while the command line is read.

#include "detect/address_window.hpp"
#include "detect/http_errors.hpp"
#include "detect/log_patterns.hpp"

namespace CLI {
class App;
}

namespace garita::programs {

void add_status(CLI::App& command, detect::StatusSet& statuses);
void add_log_format(CLI::App& command, detect::AccessLogFormat& format);
void add_trusted_proxies(CLI::App& command, detect::TrustedProxies& proxies);
/// --filter or --pattern, and --program
void add_filter(CLI::App& command, detect::LogFilterOptions& filter);
/// --threshold, --window, --lateness, --ipv4-prefix, --ipv6-prefix, --max-tracked
void add_window(CLI::App& command, detect::WindowLimits& limits, std::uint32_t& threshold,
                detect::SourcePrefixes& prefixes);

}  // namespace garita::programs
