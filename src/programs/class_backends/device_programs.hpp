#pragma once
// Backends that bring rules to a device by programs, here or over SSH, and those of ipset; made from the
// configuration.

#include <filesystem>
#include <memory>

#include "adapters/command/settings.hpp"
#include "adapters/ipfw/settings.hpp"
#include "adapters/ipset/ipset_backend.hpp"
#include "adapters/iptables/settings.hpp"
#include "enforce/class_backend.hpp"
#include "runtime/config/device_config.hpp"
#include "runtime/process/local_runner.hpp"
#include "runtime/process/ssh_runner.hpp"
#include "runtime/process/traced_runner.hpp"

namespace garita::programs {

/// Where the programs of one device run; outlives its backends.
class DevicePrograms {
  public:
    /// `trace`: told of each program, where it is given.
    explicit DevicePrograms(const runtime::DeviceConfig& device, runtime::CommandTrace trace = {})
        : device_(device), trace_(std::move(trace)) {}
    ~DevicePrograms();
    DevicePrograms(const DevicePrograms&) = delete;
    DevicePrograms& operator=(const DevicePrograms&) = delete;

    /// Of one of the device's classes, by its `backend`: command, ipset, iptables, ipfw. invalid: the
    /// configuration asks for what cannot be.
    [[nodiscard]] Result<std::unique_ptr<enforce::ClassBackend>> make(
        const runtime::DeviceClassConfig& config);

  private:
    [[nodiscard]] Result<runtime::CommandRunner*> runner();
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<runtime::CommandRunner*> untraced();

    const runtime::DeviceConfig& device_;
    runtime::LocalRunner local_;
    std::filesystem::path control_directory_;  ///< of the shared SSH connection; goes with this
    std::unique_ptr<runtime::SshRunner> ssh_;
    runtime::CommandTrace trace_;
    std::unique_ptr<runtime::TracedRunner> traced_;
};

/// One that runs programs; `runner` must outlive it. Runs nothing yet.
[[nodiscard]] Result<std::unique_ptr<enforce::ClassBackend>> make_by_program(
    const runtime::DeviceConfig& device, const runtime::DeviceClassConfig& config,
    runtime::CommandRunner& runner);

[[nodiscard]] ipset::Settings ipset_settings(const runtime::DeviceClassConfig& config);
/// What the configuration's templates are for the command backend.
[[nodiscard]] Result<command::Settings> command_settings(const runtime::DeviceConfig& device,
                                                         const runtime::DeviceClassConfig& config);
/// The program ipset, for a device whose kernel is elsewhere: IPv4 only.
[[nodiscard]] Result<command::Settings> ipset_by_program(const runtime::DeviceClassConfig& config);
[[nodiscard]] Result<ipfw::Settings> ipfw_settings(const runtime::DeviceConfig& device,
                                                   const runtime::DeviceClassConfig& config);
[[nodiscard]] Result<iptables::Settings> iptables_settings(const runtime::DeviceClassConfig& config);

}  // namespace garita::programs
