#include "programs/class_backends/device_programs.hpp"

#include <algorithm>
#include <stdlib.h>

#include "adapters/command/command_backend.hpp"
#include "adapters/ipfw/ipfw_backend.hpp"
#include "adapters/ipset/ipset_backend.hpp"
#include "adapters/iptables/iptables_backend.hpp"

namespace garita::programs {
namespace {

using runtime::DeviceClassConfig;
using runtime::DeviceConfig;
using Backend = Result<std::unique_ptr<enforce::ClassBackend>>;

/// A directory that nobody else can enter, with a path short enough for a socket in it.
std::filesystem::path private_directory() {
    for (std::string pattern : {"/run/garita/ssh-XXXXXX", "/tmp/garita-ssh-XXXXXX"})
        if (::mkdtemp(pattern.data()) != nullptr) return pattern;
    return {};
}

template <typename Made>
Backend made_of(Result<std::unique_ptr<Made>> made) {
    if (!made) return tl::unexpected(made.error());
    return std::unique_ptr<enforce::ClassBackend>(std::move(*made));
}

}  // namespace

DevicePrograms::~DevicePrograms() {
    if (ssh_) ssh_->disconnect();
    std::error_code ignored;
    if (!control_directory_.empty()) std::filesystem::remove_all(control_directory_, ignored);
}

Result<void> DevicePrograms::connect() {
    if (device_.ssh_key.empty() || device_.ssh_known_hosts.empty())
        return fail(ErrorCode::invalid,
                    "device " + device_.name + ": ssh_key and ssh_known_hosts are needed to reach it by SSH");
    control_directory_ = private_directory();
    if (control_directory_.empty())
        return fail(ErrorCode::io,
                    "device " + device_.name + ": no directory for the socket of its connection",
                    Retry::later);
    runtime::SshAccess access;
    access.user = device_.ssh->user;
    access.host = device_.ssh->host;
    access.port = device_.ssh->port;
    access.identity_file = device_.ssh_key;
    access.known_hosts_file = device_.ssh_known_hosts;
    access.control_directory = control_directory_.string();
    auto made = runtime::SshRunner::make(std::move(access), local_);
    if (!made) return tl::unexpected(made.error());
    ssh_ = std::move(*made);
    return {};
}

Result<runtime::CommandRunner*> DevicePrograms::runner() {
    const auto runner = untraced();
    if (!runner || !trace_) return runner;
    if (!traced_) traced_ = std::make_unique<runtime::TracedRunner>(**runner, trace_);
    return traced_.get();
}

Result<runtime::CommandRunner*> DevicePrograms::untraced() {
    if (device_.connect == DeviceConfig::Connect::local) return &local_;
    if (device_.connect != DeviceConfig::Connect::ssh || !device_.ssh)
        return fail(ErrorCode::invalid, "device " + device_.name + " is not reached by the hub");
    if (!ssh_)
        if (auto connected = connect(); !connected) return tl::unexpected(connected.error());
    return ssh_.get();
}

Backend DevicePrograms::make(const DeviceClassConfig& config) {
    if (config.backend == "ipset" && device_.connect == DeviceConfig::Connect::local)
        return made_of(ipset::IpsetBackend::open(config.rules, ipset_settings(config)));
    const auto runner = this->runner();
    if (!runner) return tl::unexpected(runner.error());
    return make_by_program(device_, config, **runner);
}

ipset::Settings ipset_settings(const DeviceClassConfig& config) {
    return {config.table.empty() ? "garita-" + config.name() : config.table};
}

Backend make_by_program(const DeviceConfig& device, const DeviceClassConfig& config,
                        runtime::CommandRunner& runner) {
    if (config.backend == "ipfw") {
        const auto settings = ipfw_settings(device, config);
        if (!settings) return tl::unexpected(settings.error());
        return made_of(ipfw::IpfwBackend::make(config.rules, *settings, runner));
    }
    if (config.backend == "iptables") {
        const auto settings = iptables_settings(config);
        if (!settings) return tl::unexpected(settings.error());
        return made_of(iptables::IptablesBackend::make(config.rules, *settings, runner));
    }
    if (config.backend != "command" && config.backend != "ipset")
        return fail(ErrorCode::invalid, "rules " + config.name() + ": backend " + config.backend +
                                            " is not carried out by programs");
    const auto settings =
        config.backend == "ipset" ? ipset_by_program(config) : command_settings(device, config);
    if (!settings) return tl::unexpected(settings.error());
    return made_of(command::CommandBackend::make(config.rules, *settings, runner));
}

}  // namespace garita::programs
