#include "adapters/rest_api/caller.hpp"

#include <algorithm>
#include <array>
#include <pwd.h>
#include <unistd.h>
#include <utility>

#include "adapters/rest_api/ssh_caller.hpp"
#include "model/rights.hpp"

namespace garita::rest_api {
namespace http = runtime::http;
namespace {

constexpr std::array scope_names{
    std::pair{Scope::alerts_write, std::string_view("alerts:write")},
    std::pair{Scope::cases_read, std::string_view("cases:read")},
    std::pair{Scope::decisions_write, std::string_view("decisions:write")},
    std::pair{Scope::rules_read, std::string_view("rules:read")},
    std::pair{Scope::rules_write, std::string_view("rules:write")},
    std::pair{Scope::status_read, std::string_view("status:read")},
    std::pair{Scope::audit_read, std::string_view("audit:read")},
    std::pair{Scope::access_read, std::string_view("access:read")},
    std::pair{Scope::access_write, std::string_view("access:write")},
    std::pair{Scope::agents_write, std::string_view("agents:write")},
};

std::string user_name(uid_t uid) {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
        return found->pw_name;
    return "uid " + std::to_string(uid);
}

}  // namespace

std::string_view to_text(Scope scope) {
    const auto* const found = std::find_if(scope_names.begin(), scope_names.end(),
                                           [&](const auto& row) { return row.first == scope; });
    return found == scope_names.end() ? std::string_view() : found->second;
}

std::optional<Scope> parse_scope(std::string_view text) {
    for (const auto& [scope, name] : scope_names)
        if (name == text) return scope;
    return std::nullopt;
}

std::set<Scope> scopes_of(Role role) {
    std::set<Scope> scopes;
    const auto grant = [&](Right right, std::initializer_list<Scope> granted) {
        if (role >= role_needed(right)) scopes.insert(granted);
    };
    grant(Right::see, {Scope::cases_read, Scope::rules_read, Scope::status_read, Scope::access_read});
    grant(Right::end_access, {Scope::access_write});
    grant(Right::answer, {Scope::decisions_write});
    grant(Right::change_rules, {Scope::rules_write});
    grant(Right::read_audit, {Scope::audit_read});
    grant(Right::raise_alerts, {Scope::alerts_write});
    grant(Right::admit_agents, {Scope::agents_write});
    return scopes;
}

CallerDirectory::CallerDirectory(std::vector<Person> people, std::vector<Token> tokens)
    : people_(std::move(people)), tokens_(std::move(tokens)) {}

Result<Caller> CallerDirectory::identify(const http::Request& request) const {
    return request.peer.kind == http::PeerKind::unix_socket ? local_caller(request) : token_caller(request);
}

Result<Caller> CallerDirectory::local_caller(const http::Request& request) const {
    const auto& peer = request.peer;
    const auto user = user_name(peer.uid);
    if (const auto person = people_.by_system_user(user, peer.uid, geteuid())) {
        using Seen = CallersSession::Seen;
        const auto session = ssh_session_of(peer.pid, peer.connected_at);
        // its own word, but it guards nobody but the caller
        const auto from = IpAddress::parse(request.headers.find("Garita-From").value_or(""));
        // somebody over SSH out of no session: a multiplexer, which outlives the connection to it
        std::optional<Time> since;
        if (session.seen == Seen::session) since = session.began;
        if (session.seen == Seen::none && !from) since = peer.connected_at;
        return Caller{decide::actor_of(*person, "cli"), scopes_of(person->role), from, since,
                      "local " + person->name};
    }
    return fail(ErrorCode::forbidden, "system user '" + user +
                                          "' is nobody the hub knows: add `system_user: " + user +
                                          "` to a person under `people:` in its configuration");
}

Result<Caller> CallerDirectory::token_caller(const http::Request& request) const {
    constexpr std::string_view scheme = "Bearer ";
    const auto authorization = request.headers.find("Authorization");
    if (!authorization || !authorization->starts_with(scheme))
        return fail(ErrorCode::forbidden,
                    "no token: send `Authorization: Bearer TOKEN` with one listed under `tokens:`");
    const auto candidate = authorization->substr(scheme.size());
    const Token* found = nullptr;
    for (const auto& token : tokens_)  // all of them, so that time tells nothing
        if (token.secret.matches(candidate)) found = &token;
    if (found == nullptr) return fail(ErrorCode::forbidden, "unknown token");
    Caller caller;
    caller.scopes = found->scopes;
    caller.account = found->name;
    caller.from = IpAddress::parse(request.peer.address);
    caller.connected_at = request.peer.connected_at;
    // A token of its own acts as an operator: what is more dangerous needs a person's name on it.
    caller.actor = found->person ? decide::actor_of(*found->person, "rest")
                                 : Actor{Actor::Kind::token, found->name, "rest", Role::operator_};
    return caller;
}

}  // namespace garita::rest_api
