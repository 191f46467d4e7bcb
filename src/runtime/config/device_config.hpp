#pragma once
// Devices whose rules of configured classes are kept true, as plain values.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/rule_class.hpp"

namespace garita::runtime {

/// The rules of one name on one device, and what carries them out.
struct DeviceClassConfig {
    RuleClass rules;  ///< name, params, value, absent; the same on all devices that have rules of the name
    std::string backend;  ///< "nftables", "limiter", "ipset", "iptables", "ipfw", "command"
    std::string kind;     ///< of the backend; empty: what fits
    std::string table;    ///< on the device; empty: made of the rules' name

    /// Argument vectors with {NAME}, {value} in them. With `batch`, `add`, `change` and `delete_` are the
    /// words of one line on its standard input.
    std::vector<std::string> add, change, delete_, clear, list, batch;
    std::size_t batch_size = 4000;
    std::chrono::seconds timeout{30};                         ///< of one command
    std::map<std::string, std::string, std::less<>> options;  ///< what only this backend knows

    [[nodiscard]] const std::string& name() const { return rules.name(); }
};

/// A log of its own of what is sent to devices.
struct RulesLogConfig {
    enum class Level { failures, changes, all };
    std::filesystem::path file;  ///< empty: none
    Level level = Level::failures;
};

struct SshTarget {
    std::string user, host;
    std::uint16_t port = 22;
    friend bool operator==(const SshTarget&, const SshTarget&) = default;
};
/// "ssh://root@192.0.2.1:2222", "ssh://root@[2001:db8::1]".
[[nodiscard]] std::optional<SshTarget> parse_ssh_target(std::string_view text);

struct DeviceConfig {
    enum class Connect { local, agent, ssh };
    std::string name;
    Connect connect = Connect::local;
    std::optional<SshTarget> ssh;                                                ///< of Connect::ssh
    std::string ssh_key, ssh_known_hosts;                                        ///< paths; empty: not given
    std::optional<std::chrono::seconds> stuck_after = std::chrono::minutes{15};  ///< nothing: never
    std::vector<DeviceClassConfig> rules;                                        ///< each name once

    [[nodiscard]] const DeviceClassConfig* find(std::string_view rule) const {
        for (const auto& one : rules)
            if (one.name() == rule) return &one;
        return nullptr;
    }
};

}  // namespace garita::runtime
