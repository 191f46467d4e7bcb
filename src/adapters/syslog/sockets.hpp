#pragma once
// The sockets that syslog is received at.

#include "adapters/syslog/receiver.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::syslog {

/// Bound, listening where it is TCP, and never blocking. The error names address and port.
[[nodiscard]] Result<runtime::Descriptor> open_socket(const Listen& listen, int receive_buffer);
[[nodiscard]] std::uint16_t bound_port(int fd);

}  // namespace garita::syslog
