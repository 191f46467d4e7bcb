#pragma once
// A terminal by Telnet: everything goes over the network as it is, passwords too. For whoever has asked for
// it.

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/shell/shell.hpp"

namespace garita::runtime {

/// `host` is an address. The switch asks for name and password in the terminal itself.
[[nodiscard]] Result<std::unique_ptr<Shell>> open_telnet_shell(const std::string& host, std::uint16_t port,
                                                               Duration within);

}  // namespace garita::runtime
