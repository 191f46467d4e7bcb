#include "adapters/linux_host/logind.hpp"

#include <cstring>
#include <memory>

#include <systemd/sd-bus.h>

namespace garita::linux_host {
namespace {

constexpr std::uint64_t answer_within_us = 20'000'000;

struct BusCloser {
    void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
};
using Bus = std::unique_ptr<sd_bus, BusCloser>;

/// What logind said, freed with the scope.
struct BusError {
    sd_bus_error value{};
    BusError() = default;
    ~BusError() { sd_bus_error_free(&value); }
    BusError(const BusError&) = delete;
    BusError& operator=(const BusError&) = delete;
};

int connect(const std::string& address, Bus& bus) {
    sd_bus* raw = nullptr;
    if (address.empty()) {
        const int opened = sd_bus_open_system(&raw);
        bus.reset(raw);
        return opened;
    }
    if (const int made = sd_bus_new(&raw); made < 0) return made;
    bus.reset(raw);
    if (const int set = sd_bus_set_address(raw, address.c_str()); set < 0) return set;
    if (const int set = sd_bus_set_bus_client(raw, 1); set < 0) return set;
    return sd_bus_start(raw);
}

}  // namespace

Result<void> Logind::call(const char* method, const char* purpose) const {
    Bus bus;
    if (const int code = connect(bus_address_, bus); code < 0)
        return fail(
            ErrorCode::unavailable,
            std::string("cannot ask logind to ") + purpose + ": no D-Bus system bus: " + std::strerror(-code),
            Retry::later);
    sd_bus_set_method_call_timeout(bus.get(), answer_within_us);
    BusError error;
    const int interactive = 0;
    const int code =
        sd_bus_call_method(bus.get(), "org.freedesktop.login1", "/org/freedesktop/login1",
                           "org.freedesktop.login1.Manager", method, &error.value, nullptr, "b", interactive);
    if (code >= 0) return {};
    const bool denied = code == -EACCES || code == -EPERM;
    std::string text = std::string("logind did not agree to ") + purpose + ": ";
    text += error.value.message != nullptr ? error.value.message : std::strerror(-code);
    return fail(denied ? ErrorCode::forbidden : ErrorCode::unavailable, std::move(text),
                denied ? Retry::no : Retry::later);
}

}  // namespace garita::linux_host
