#include "adapters/ios/driver.hpp"

#include "adapters/ios/mac_address.hpp"
#include "adapters/ios/session.hpp"
#include "runtime/shell/ssh_shell.hpp"
#include "runtime/shell/telnet_shell.hpp"

namespace garita::ios {
namespace {

using access::Change;
using access::SecuredMac;
using access::SwitchLogin;

std::string address_line(const Change& change) {
    std::string line = "switchport port-security mac-address ";
    if (change.how == SecuredMac::How::sticky) line += "sticky ";
    line += dotted(change.mac);
    if (change.in == SecuredMac::In::access) line += " vlan access";
    if (change.in == SecuredMac::In::voice) line += " vlan voice";
    return line;
}

}  // namespace

Result<std::unique_ptr<runtime::Shell>> open_shell(const SwitchLogin& login) {
    if (login.transport == SwitchLogin::Transport::telnet)
        return runtime::open_telnet_shell(login.host, login.port, login.connect_within);
    runtime::SshShellAccess ssh;
    ssh.host = login.host;
    ssh.port = login.port;
    ssh.user = login.user;
    ssh.password = login.password;
    ssh.key_file = login.key_file;
    ssh.host_keys = login.host_keys;
    ssh.within = login.connect_within;
    if (login.algorithms == SwitchLogin::Algorithms::legacy)
        ssh.algorithms = runtime::SshShellAccess::Algorithms::legacy;
    return runtime::open_ssh_shell(ssh);
}

std::vector<std::string> lines_of(const Change& change) {
    const std::string interface = "interface " + change.port.text();
    switch (change.what) {
        case Change::What::secure:
            return {"configure terminal", interface, address_line(change), "end"};
        case Change::What::release:
            return {"configure terminal", interface, "no " + address_line(change), "end"};
        case Change::What::forget_learnt:
            return {"clear port-security dynamic address " + dotted(change.mac)};
        case Change::What::recover:
            return {"configure terminal", interface, "shutdown", "no shutdown", "end"};
    }
    return {};
}

std::vector<std::string> IosDriver::commands(const Change& change) const {
    return lines_of(change);
}

std::vector<std::string> IosDriver::save_commands() const {
    return {"write memory"};
}

Result<std::unique_ptr<access::SwitchSession>> IosDriver::open(const SwitchLogin& login,
                                                               access::SessionLog& log) {
    auto shell = open_(login);
    if (!shell) {
        log.noted(shell.error().text);
        return tl::unexpected(shell.error());
    }
    DialogueSettings settings;
    settings.enable_secret = login.enable_secret;
    if (login.transport == SwitchLogin::Transport::telnet) {
        settings.login = DialogueSettings::Login::asked;
        settings.user = login.user;
        settings.password = login.password;
    }
    auto terminal = std::make_unique<Terminal>(std::move(*shell), std::move(settings), log);
    if (const auto opened = terminal->open(login.connect_within); !opened) {
        log.noted(opened.error().text);
        return tl::unexpected(opened.error());
    }
    return std::make_unique<IosSession>(std::move(terminal), login, log);
}

}  // namespace garita::ios
