#pragma once
// What a subscriber sends comes in by an interface, where nothing can queue: it is led through a device of
// its own (IFB), where it leaves.

#include <string>

#include "runtime/traffic/traffic_socket.hpp"

namespace garita::tc {

[[nodiscard]] std::string upload_device_of(const runtime::traffic::Link& from);
/// Makes the device, and leads packets there. What is there already stays.
[[nodiscard]] Result<runtime::traffic::Link> make_upload_device(runtime::traffic::TrafficSocket& socket,
                                                                const runtime::traffic::Link& from);
/// Are packets led there?
[[nodiscard]] Result<bool> is_led_there(runtime::traffic::TrafficSocket& socket,
                                        const runtime::traffic::Link& from);
[[nodiscard]] Result<void> remove_upload_device(runtime::traffic::TrafficSocket& socket,
                                                const runtime::traffic::Link& from);

}  // namespace garita::tc
