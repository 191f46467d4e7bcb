#pragma once
// Cisco IOS and IOS-XE as a switch of the room `access`.

#include <functional>
#include <memory>

#include "access/switch_driver.hpp"
#include "runtime/shell/shell.hpp"

namespace garita::ios {

/// How a switch is reached: by SSH, or Telnet where the login says so.
[[nodiscard]] Result<std::unique_ptr<runtime::Shell>> open_shell(const access::SwitchLogin& login);

class IosDriver final : public access::SwitchDriver {
  public:
    using OpenShell = std::function<Result<std::unique_ptr<runtime::Shell>>(const access::SwitchLogin&)>;
    explicit IosDriver(OpenShell open = open_shell) : open_(std::move(open)) {}

    [[nodiscard]] std::string_view name() const override { return "ios"; }
    [[nodiscard]] std::vector<std::string> commands(const access::Change& change) const override;
    [[nodiscard]] std::vector<std::string> save_commands() const override;
    [[nodiscard]] Result<std::unique_ptr<access::SwitchSession>> open(const access::SwitchLogin& login,
                                                                      access::SessionLog& log) override;

  private:
    OpenShell open_;
};

/// The lines of one change, without entering and leaving the configuration where it is one of it.
[[nodiscard]] std::vector<std::string> lines_of(const access::Change& change);

}  // namespace garita::ios
