#pragma once
// A TCP connection that is there within a time, or is not.

#include <cstdint>
#include <string>

#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::runtime {

/// To an address, not a name. Non-blocking, without delay for small pieces. Error: unavailable, later; its
/// text says why without naming the host.
[[nodiscard]] Result<Descriptor> connect_within(const std::string& address, std::uint16_t port,
                                                Duration within);

/// Waits for `events` of poll(2). False: the time is over.
[[nodiscard]] bool ready_within(int fd, short events, Duration within);

}  // namespace garita::runtime
