#pragma once
// One login to an IOS switch: what a port is like, changes, proof.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "access/switch_driver.hpp"
#include "adapters/ios/output.hpp"
#include "adapters/ios/running_interface.hpp"
#include "adapters/ios/secure_addresses.hpp"
#include "adapters/ios/terminal.hpp"

namespace garita::ios {

class IosSession final : public access::SwitchSession {
  public:
    /// The terminal is at its first prompt. Times are those of the login.
    IosSession(std::unique_ptr<Terminal> terminal, const access::SwitchLogin& login, access::SessionLog& log);

    [[nodiscard]] Result<access::PortFacts> facts(const access::PortName& port) override;
    [[nodiscard]] Result<std::vector<access::SecuredMac>> where_secured(const MacAddress& mac) override;
    [[nodiscard]] Result<std::vector<access::SecuredMac>> where_saved(const MacAddress& mac) override;
    [[nodiscard]] Result<std::vector<access::SeenMac>> where_seen(const MacAddress& mac) override;
    [[nodiscard]] Result<void> apply(const access::Change& change) override;
    [[nodiscard]] Result<void> verify(const access::Change& change) override;
    [[nodiscard]] Result<void> save() override;

  private:
    template <typename Parse>
    auto read(const std::string& command, Parse parse) -> decltype(parse(Output{}));
    [[nodiscard]] Result<RunningInterface> running(const access::PortName& port);
    [[nodiscard]] Result<access::PortFacts> state_of(const access::PortName& port);
    [[nodiscard]] Result<bool> leads_on(const access::PortName& port);
    [[nodiscard]] Result<void> read_link(access::PortFacts& facts);
    [[nodiscard]] Result<void> read_switchport(access::PortFacts& facts);
    [[nodiscard]] Result<void> read_security(access::PortFacts& facts);
    [[nodiscard]] Result<std::vector<access::SeenMac>> seen(const std::string& which);
    [[nodiscard]] Result<void> send_line(const std::string& line);
    void leave_configuration();
    [[nodiscard]] Result<void> check_saved();

    std::unique_ptr<Terminal> terminal_;
    access::SessionLog& log_;
    Duration answer_within_;
    Duration save_within_;
    std::vector<access::Change> unsaved_;
    std::map<access::PortName, bool> leads_on_;  ///< who is behind a port is asked once a session
};

}  // namespace garita::ios
