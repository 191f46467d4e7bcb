#pragma once
// Pieces that sshd's messages have in common. Private to the sshd parsers.

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/ip.hpp"

namespace garita::detect::sshd {

struct Peer {
    IpAddress address;
    std::uint16_t port = 0;
};

/// "ADDRESS port N" off the front; stops at what follows the digits.
[[nodiscard]] std::optional<Peer> eat_peer(std::string_view& text);
/// " ADDRESS port N" off the back. What is left is what stood before, without the space.
[[nodiscard]] std::optional<Peer> eat_peer_back(std::string_view& text);
/// " from ADDRESS[ port N]" off the back.
[[nodiscard]] std::optional<Peer> eat_from_peer_back(std::string_view& text);
/// An address as sshd prints it: a link-local one may carry its "%interface".
[[nodiscard]] std::optional<IpAddress> peer_address(std::string_view text);

struct NamedPeer {
    std::string_view user;
    Peer peer;
    std::string_view key;  ///< what follows "ssh2: "
};

/// "USER from ADDRESS port N ssh2[: KEY]", the whole text.
[[nodiscard]] std::optional<NamedPeer> user_from_peer_ssh2(std::string_view text);

}  // namespace garita::detect::sshd
