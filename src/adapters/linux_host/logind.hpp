#pragma once
// Restart and power off, asked of systemd-logind over D-Bus, so that every service ends in order.

#include <string>

#include "model/result.hpp"

namespace garita::linux_host {

class Logind {
  public:
    /// `bus_address` as D-Bus writes it ("unix:path=…"); empty: the system bus.
    explicit Logind(std::string bus_address = {}) : bus_address_(std::move(bus_address)) {}

    [[nodiscard]] Result<void> reboot() const { return call("Reboot", "restart"); }
    [[nodiscard]] Result<void> power_off() const { return call("PowerOff", "power off"); }

  private:
    [[nodiscard]] Result<void> call(const char* method, const char* purpose) const;
    std::string bus_address_;
};

}  // namespace garita::linux_host
