#pragma once
// Who acts: people with roles, API tokens, policies; and through which door.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garita {

/// Ordered: each role may do what the ones before it may.
enum class Role { viewer = 1, operator_ = 2, approver = 3, administrator = 4 };

[[nodiscard]] std::string_view to_text(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

struct Person {
    std::string name;
    Role role = Role::viewer;
    std::optional<std::int64_t> telegram_id;
    std::string system_user;        ///< empty: none
    std::vector<std::string> mail;  ///< addresses, as model/mail_identity spells them
    std::vector<std::string> keys;  ///< fingerprints of what signs this person's mail, likewise
    std::string language;           ///< empty: the hub's
};

/// The author of a decision or change, as the audit trail names it.
struct Actor {
    enum class Kind { person, token, policy, system };
    Kind kind = Kind::system;
    std::string name;          ///< "ana", "billing", "http_errors auto"
    std::string channel;       ///< "telegram", "cli", "rest", "policy"
    Role role = Role::viewer;  ///< the person's; policy and system act as administrator

    /// "ana (telegram)"
    [[nodiscard]] std::string text() const;
    friend bool operator==(const Actor&, const Actor&) = default;
};

[[nodiscard]] std::string_view to_text(Actor::Kind kind);
[[nodiscard]] std::optional<Actor::Kind> parse_actor_kind(std::string_view text);

}  // namespace garita
