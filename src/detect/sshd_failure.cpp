#include <algorithm>

#include "detect/sshd_line.hpp"
#include "detect/sshd_scan.hpp"
#include "detect/text_scan.hpp"

namespace garita::detect {
namespace {

using Kind = SshdFailureKind;
using Failure = std::optional<SshdFailure>;

constexpr std::uint32_t most_repeats = 1000;

Failure of(Kind kind, const std::optional<sshd::Peer>& peer, std::string_view user) {
    if (!peer) return std::nullopt;
    return SshdFailure{kind, peer->address, user, 1};
}

/// Behind "Failed ": "METHOD for [invalid user ]USER from A port N ssh2[: KEY]"
Failure failed(std::string_view text) {
    const auto method = eat_word(text);
    if (!eat(text, "for ")) return std::nullopt;
    const bool invalid = eat(text, "invalid user ") || eat(text, "illegal user ");
    const auto named = sshd::user_from_peer_ssh2(text);
    if (!named) return std::nullopt;
    // A certificate's text and an invalid user's name are both the client's: which end to trust cannot be
    // said. Nor can it where the name holds what sshd itself would write behind the port.
    if (invalid && named->key.find(' ') != named->key.rfind(' ')) return std::nullopt;
    if (named->user.find(" ssh2:") != std::string_view::npos) return std::nullopt;
    const bool offer = method == "publickey" || method == "none";
    return of(offer ? Kind::offer : Kind::attempt, named->peer, named->user);
}

/// "USER from A[ port N]", the whole text; older versions leave the port out.
Failure user_from_peer(Kind kind, std::string_view text) {
    auto with_port = text;
    if (const auto peer = sshd::eat_from_peer_back(with_port)) return of(kind, peer, with_port);
    const auto address = sshd::peer_address(eat_word_back(text));
    if (!address || !eat_back(text, " from")) return std::nullopt;
    return SshdFailure{kind, *address, text, 1};
}

/// Behind "maximum authentication attempts exceeded for ", without " [preauth]".
Failure too_many(std::string_view text) {
    if (!eat(text, "invalid user ")) (void)eat(text, "illegal user ");
    if (!eat_back(text, " ssh2")) return std::nullopt;
    return user_from_peer(Kind::summary, text);
}

/// Behind "… by|from ", without " [preauth]": "authenticating|invalid user USER A port N[MORE]"
Failure ended(std::string_view text, std::string_view more) {
    if (!eat(text, "authenticating user ") && !eat(text, "invalid user ")) return std::nullopt;
    if (!eat_back(text, more)) return std::nullopt;
    const auto peer = sshd::eat_peer_back(text);
    return of(Kind::summary, peer, text);
}

/// Behind "User ": "USER from A[ port N] not allowed because REASON"; the reasons are sshd's own words.
Failure not_allowed(std::string_view text) {
    static constexpr std::string_view reasons[] = {"not listed in AllowUsers",
                                                   "listed in DenyUsers",
                                                   "not in any group",
                                                   "a group is listed in DenyGroups",
                                                   "none of user's groups are listed in AllowGroups",
                                                   "account is locked"};
    for (const auto reason : reasons)
        if (eat_back(text, reason)) {
            if (!eat_back(text, " not allowed because ")) return std::nullopt;
            return user_from_peer(Kind::announced, text);
        }
    return std::nullopt;
}

/// Behind "pam_…(sshd:auth): authentication failure;" or "PAM N more authentication failure[s];": name=value
/// words, of which the client chooses only `user`, the last.
Failure pam(Kind kind, std::string_view text) {
    while (!text.empty()) {
        auto word = eat_word(text);
        if (!eat(word, "rhost=")) continue;
        const auto address = sshd::peer_address(word);
        if (!address) return std::nullopt;
        while (eat(text, " ")) {
        }
        return SshdFailure{kind, *address, eat(text, "user=") ? text : std::string_view{}, 1};
    }
    return std::nullopt;
}

Failure pam_module(std::string_view text) {
    const auto open = text.find('(');
    if (open == std::string_view::npos || text.substr(0, open).find(' ') != std::string_view::npos)
        return std::nullopt;
    text.remove_prefix(open);
    if (!eat(text, "(sshd:auth): authentication failure; ")) return std::nullopt;
    return pam(Kind::announced, text);
}

/// Behind "PAM: ": "Authentication failure for [illegal user ]USER from A[ via OWN]"
Failure pam_refusal(std::string_view text) {
    if (!eat(text, "User not known to the underlying authentication module for ")) {
        if (!eat(text, "Authentication ") && !eat(text, "authentication ")) return std::nullopt;
        const auto outcome = eat_word(text);
        if ((outcome != "failure" && outcome != "error") || !eat(text, "for ")) return std::nullopt;
    }
    if (!eat(text, "illegal user ")) (void)eat(text, "invalid user ");
    auto without_via = text;
    if (sshd::peer_address(eat_word_back(without_via)) && eat_back(without_via, " via")) text = without_via;
    return user_from_peer(Kind::announced, text);
}

Failure pam_itself(std::string_view text) {
    if (eat(text, ": ")) return pam_refusal(text);
    if (!eat(text, " ")) return std::nullopt;
    if (!decimal(eat_word(text)) || !eat(text, "more authentication failure")) return std::nullopt;
    (void)eat(text, "s");
    return eat(text, "; ") ? pam(Kind::summary, text) : std::nullopt;
}

/// Behind "Received disconnect from ": "A port N:3: … Auth fail", of old "A: 3: …"; the address stands before
/// all that clients write.
Failure disconnect(std::string_view text) {
    if (!eat_back(text, "Auth fail")) return std::nullopt;
    auto old = text;
    auto word = eat_word(old);
    if (eat_back(word, ":")) {
        const auto address = sshd::peer_address(word);
        return address && eat(old, "3: ") ? Failure(SshdFailure{Kind::summary, *address, {}, 1})
                                          : std::nullopt;
    }
    const auto peer = sshd::eat_peer(text);
    return eat(text, ":3: ") ? of(Kind::summary, peer, {}) : std::nullopt;
}

Failure by_first_words(std::string_view text, bool before_login) {
    switch (text.empty() ? '\0' : text.front()) {
        case 'F':
            return eat(text, "Failed ") ? failed(text) : std::nullopt;
        case 'I':
            return eat(text, "Invalid user ") || eat(text, "Illegal user ")
                       ? user_from_peer(Kind::announced, text)
                       : std::nullopt;
        case 'C':
            if (!before_login) return std::nullopt;
            return eat(text, "Connection closed by ") || eat(text, "Connection reset by ") ? ended(text, "")
                                                                                           : std::nullopt;
        case 'D':
            if (!before_login) return std::nullopt;
            if (eat(text, "Disconnected from ")) return ended(text, "");
            return eat(text, "Disconnecting ") ? ended(text, ": Too many authentication failures")
                                               : std::nullopt;
        case 'm':
            return eat(text, "maximum authentication attempts exceeded for ") ? too_many(text) : std::nullopt;
        case 'p':
            return pam_module(text);
        case 'P':
            return eat(text, "PAM") ? pam_itself(text) : std::nullopt;
        case 'R':
            if (eat(text, "ROOT LOGIN REFUSED FROM ")) {
                const auto address = sshd::peer_address(eat_word(text));
                return address ? Failure(SshdFailure{Kind::announced, *address, "root", 1}) : std::nullopt;
            }
            return eat(text, "Received disconnect from ") ? disconnect(text) : std::nullopt;
        case 'U':
            return eat(text, "User ") ? not_allowed(text) : std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<SshdFailure> parse_sshd_failure(std::string_view message) {
    std::uint32_t repeats = 1;
    if (eat(message, "message repeated ")) {
        const auto times = decimal(eat_word(message));
        if (!times || !eat(message, "times: [ ") || !eat_back(message, "]")) return std::nullopt;
        repeats = std::min(*times, most_repeats);
    }
    if (!eat(message, "error: ")) (void)eat(message, "fatal: ");
    while (!message.empty() && message.back() == ' ')
        message.remove_suffix(1);
    const bool before_login = eat_back(message, " [preauth]");
    auto failure = by_first_words(message, before_login);
    if (failure) failure->repeats = repeats;
    return failure;
}

}  // namespace garita::detect
