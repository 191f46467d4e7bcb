#pragma once
// The hub's graph of objects: store, desk, channels, API, and the workers that run them.

#include <filesystem>
#include <memory>
#include <optional>

#include "model/result.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

class Hub {
  public:
    /// Opens the store, listens, starts the workers. Errors say what to do.
    /// `watching`: is told all that is sent to devices.
    [[nodiscard]] static Result<std::unique_ptr<Hub>> start(const runtime::HubConfig& config,
                                                            const runtime::Log& log,
                                                            std::optional<runtime::Log> watching = {});
    ~Hub();  ///< stops everything; nothing is lost
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// Takes up what can be taken up while it runs; what the table of settings marks as taken up at a start
    /// stays as it is. Requests go on being answered, one by one from the old settings or the new ones. On an
    /// error all stays as it was.
    [[nodiscard]] Result<void> reload(const runtime::HubConfig& config);

    /// "https://127.0.0.1:8443" and the key's fingerprint, for whoever sets up an agent.
    [[nodiscard]] std::string address() const;
    [[nodiscard]] std::string pin() const;

  private:
    class Parts;
    explicit Hub(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// `garita hub --config FILE`: runs until SIGINT or SIGTERM. Returns the exit code. `log_format`:
/// what the command line asks for, before the configuration. With Watch::devices all that is sent to devices
/// is told on standard error.
enum class Watch { nothing, devices };
int run_hub(const std::filesystem::path& config_file, std::optional<runtime::LogFormat> log_format,
            Watch watch = Watch::nothing);

}  // namespace garita::programs
