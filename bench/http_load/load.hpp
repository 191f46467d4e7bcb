#pragma once
// Load on an HTTP/1.1 server: so many connections kept alive, each sending its next request when the last is
// answered.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace garita::load {

struct Plan {
    std::string url;          ///< http://host:port/path or https://…; certificates are not verified
    std::string unix_socket;  ///< connect here instead of to the URL's host
    std::string method = "POST";
    std::vector<std::string> headers;  ///< "Name: value"
    std::string body;                  ///< "{n}" in body and headers becomes the number of the request
    std::size_t connections = 16;
    std::uint64_t requests = 10'000;
    std::uint64_t first = 1;  ///< number of the first request
};

struct Outcome {
    std::chrono::duration<double>
        elapsed{};  ///< from the first request to the last answer; connecting excluded
    std::vector<std::uint32_t> latencies_us;  ///< sorted
    std::map<int, std::uint64_t> statuses;
    std::uint64_t broken = 0;  ///< requests without an answer

    [[nodiscard]] double rate() const;
    [[nodiscard]] std::uint32_t percentile_us(double percent) const;
    [[nodiscard]] bool all_succeeded() const;
};

/// Throws std::runtime_error when it cannot connect.
[[nodiscard]] Outcome run(const Plan& plan);

}  // namespace garita::load
