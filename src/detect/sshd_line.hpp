#pragma once
// What sshd says, read by structure. A client chooses its user name, which may look like the rest of the
// message
// ("x from 192.0.2.9 port 22 ssh2"); so whatever follows the name is read from the end of the message, where
// sshd alone writes, and a message that could be read in two ways has no address at all. Texts are those of
// OpenSSH's auth.c, auth2.c, session.c and packet.c, versions 6 to 10.

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/ip.hpp"

namespace garita::detect {

/// Whether a syslog tag is sshd's: "sshd", and its parts since OpenSSH 9.8.
[[nodiscard]] bool is_sshd(std::string_view program);

/// Views into the message.
struct SshdLogin {
    std::string_view user;
    IpAddress address;
    std::uint16_t port = 0;
    std::string_view method;       ///< "publickey", "password", "keyboard-interactive/pam" …
    std::string_view key_type;     ///< "ED25519", "RSA-CERT"; empty for other methods
    std::string_view fingerprint;  ///< "SHA256:…"; empty for other methods
};

/// "Accepted METHOD for USER from ADDRESS port N ssh2[: KEYTYPE FINGERPRINT…]"
[[nodiscard]] std::optional<SshdLogin> parse_sshd_login(std::string_view message);

struct SshdClose {
    std::string_view user;             ///< empty where the message does not name it
    std::optional<IpAddress> address;  ///< nothing where the message does not name it
    std::uint16_t port = 0;
};

/// The end of a session after login: "Disconnected from user U A port N", "pam_unix(sshd:session): session
/// closed for user U", "Received disconnect from A port N:11: …", "Connection closed by A port N". Not those
/// before login.
[[nodiscard]] std::optional<SshdClose> parse_sshd_close(std::string_view message);

enum class SshdFailureKind {
    attempt,    ///< "Failed password …": an attempt was made and failed
    announced,  ///< "Invalid user …", PAM's failure, a user who is not allowed: "Failed …" usually follows
    summary,    ///< too many attempts, or the connection ended before login: about attempts logged before, or
                ///< none
    offer,  ///< "Failed publickey …", "Failed none …": clients try what they have before they ask the person
};

struct SshdFailure {
    SshdFailureKind kind = SshdFailureKind::attempt;
    IpAddress address;
    std::string_view user;      ///< as the client gave it; empty where the message does not name it
    std::uint32_t repeats = 1;  ///< of "message repeated N times: [ … ]"
};

[[nodiscard]] std::optional<SshdFailure> parse_sshd_failure(std::string_view message);

}  // namespace garita::detect
