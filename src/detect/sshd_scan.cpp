#include "detect/sshd_scan.hpp"

#include "detect/text_scan.hpp"

namespace garita::detect::sshd {
namespace {

std::optional<std::uint16_t> port_number(std::string_view text) {
    const auto value = decimal(text);
    if (!value || *value > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(*value);
}

/// "SHA256:…", "MD5:…", or the bare pairs of hexadecimal digits that versions before 6.8 wrote.
bool is_fingerprint(std::string_view text) {
    if (text.substr(0, 7) == "SHA256:" || text.substr(0, 4) == "MD5:") return true;
    return text.size() == 47 && text.find_first_not_of("0123456789abcdef:") == std::string_view::npos;
}

/// ": KEYTYPE SHA256:…" off the back; nothing in the two words can hold a space.
std::optional<std::string_view> eat_plain_key_back(std::string_view& text) {
    auto before = text;
    const auto fingerprint = eat_word_back(before);
    if (!is_fingerprint(fingerprint)) return std::nullopt;
    const auto type = eat_word_back(before);
    if (type.empty() || before.empty() || before.back() != ':') return std::nullopt;
    const auto key = text.substr(before.size() + 1);
    before.remove_suffix(1);
    text = before;
    return key;
}

/// Left to right, for a user name without a space: the only safe way when a certificate's free text ends the
/// message.
std::optional<NamedPeer> from_the_front(std::string_view text) {
    NamedPeer named;
    named.user = eat_word(text);
    if (named.user.empty() || !eat(text, "from ")) return std::nullopt;
    const auto peer = eat_peer(text);
    if (!peer || !eat(text, " ssh2: ")) return std::nullopt;
    named.peer = *peer;
    named.key = text;
    return named;
}

}  // namespace

std::optional<IpAddress> peer_address(std::string_view text) {
    return scan_address(text.substr(0, text.find('%')));
}

std::optional<Peer> eat_peer(std::string_view& text) {
    const auto address = peer_address(eat_word(text));
    if (!address || !eat(text, "port ")) return std::nullopt;
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits]))
        ++digits;
    const auto port = port_number(text.substr(0, digits));
    if (!port) return std::nullopt;
    text.remove_prefix(digits);
    return Peer{*address, *port};
}

std::optional<Peer> eat_peer_back(std::string_view& text) {
    const auto port = port_number(eat_word_back(text));
    if (!port || eat_word_back(text) != "port") return std::nullopt;
    const auto address = peer_address(eat_word_back(text));
    if (!address) return std::nullopt;
    return Peer{*address, *port};
}

std::optional<Peer> eat_from_peer_back(std::string_view& text) {
    auto peer = eat_peer_back(text);
    return peer && eat_back(text, " from") ? peer : std::nullopt;
}

std::optional<NamedPeer> user_from_peer_ssh2(std::string_view text) {
    NamedPeer named;
    if (!eat_back(text, " ssh2")) {
        auto before = text;
        const auto key = eat_plain_key_back(before);
        if (!key || !eat_back(before, " ssh2")) return from_the_front(text);
        // a certificate's "… CA TYPE FINGERPRINT" ends likewise, but then " ssh2" does not stand before the
        // key
        named.key = *key;
        text = before;
    }
    const auto peer = eat_from_peer_back(text);
    if (!peer) return std::nullopt;
    named.user = text;
    named.peer = *peer;
    return named;
}

}  // namespace garita::detect::sshd
