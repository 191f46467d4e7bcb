#include "model/person.hpp"

namespace garita {

std::string_view to_text(Role role) {
    switch (role) {
        case Role::viewer:
            return "viewer";
        case Role::operator_:
            return "operator";
        case Role::approver:
            return "approver";
        case Role::administrator:
            return "administrator";
    }
    return "viewer";
}

std::optional<Role> parse_role(std::string_view text) {
    for (const auto role : {Role::viewer, Role::operator_, Role::approver, Role::administrator})
        if (to_text(role) == text) return role;
    return std::nullopt;
}

std::string Actor::text() const {
    return channel.empty() ? name : name + " (" + channel + ")";
}

std::string_view to_text(Actor::Kind kind) {
    switch (kind) {
        case Actor::Kind::person:
            return "person";
        case Actor::Kind::token:
            return "token";
        case Actor::Kind::policy:
            return "policy";
        case Actor::Kind::system:
            return "system";
    }
    return "system";
}

std::optional<Actor::Kind> parse_actor_kind(std::string_view text) {
    for (const auto kind :
         {Actor::Kind::person, Actor::Kind::token, Actor::Kind::policy, Actor::Kind::system})
        if (to_text(kind) == text) return kind;
    return std::nullopt;
}

}  // namespace garita
