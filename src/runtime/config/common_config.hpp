#pragma once
// Parts that hub and agent files have in common.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/log/log.hpp"

namespace garita::runtime {

/// "127.0.0.1:8443", "[::1]:8443", "hub.example:8443"; the host without brackets.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
    [[nodiscard]] std::string text() const;
};

/// A length of time, or none for "never".
using SpanOrNever = std::optional<std::chrono::seconds>;

struct LogConfig {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
};

}  // namespace garita::runtime
