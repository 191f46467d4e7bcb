#include "detect/sshd_line.hpp"

#include "detect/sshd_scan.hpp"
#include "detect/text_scan.hpp"

namespace garita::detect {

using sshd::Peer;

bool is_sshd(std::string_view program) {
    return program == "sshd" || program == "sshd-session" || program == "sshd-auth";
}

std::optional<SshdLogin> parse_sshd_login(std::string_view message) {
    if (!eat(message, "Accepted ")) return std::nullopt;
    SshdLogin login;
    login.method = eat_word(message);
    if (!eat(message, "for ")) return std::nullopt;
    const auto named = sshd::user_from_peer_ssh2(message);
    if (!named || named->user.empty()) return std::nullopt;
    login.user = named->user;
    login.address = named->peer.address;
    login.port = named->peer.port;
    auto key = named->key;
    login.key_type = eat_word(key);
    login.fingerprint = eat_word(key);
    return login;
}

std::optional<SshdClose> parse_sshd_close(std::string_view message) {
    SshdClose close;
    if (eat(message, "pam_unix(sshd:session): session closed for user ")) {
        close.user = message;
        return message.empty() ? std::nullopt : std::optional(close);
    }
    std::optional<Peer> peer;
    if (eat(message, "Disconnected from user ")) {
        peer = sshd::eat_peer_back(message);
        close.user = message;
    } else if (eat(message, "Received disconnect from ")) {
        if (eat_back(message, " [preauth]")) return std::nullopt;
        peer = sshd::eat_peer(message);
        if (!eat(message, ":")) return std::nullopt;
    } else if (eat(message, "Connection closed by ") || eat(message, "Disconnected from ")) {
        peer = sshd::eat_peer(message);
        if (!message.empty()) return std::nullopt;
    }
    if (!peer) return std::nullopt;
    close.address = peer->address;
    close.port = peer->port;
    return close;
}

}  // namespace garita::detect
