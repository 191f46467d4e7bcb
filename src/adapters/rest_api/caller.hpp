#pragma once
// Who calls the API: a person by the identity that the kernel tells (local socket), or a token.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "decide/people.hpp"
#include "model/ip.hpp"
#include "model/person.hpp"
#include "model/result.hpp"
#include "runtime/http/message.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::rest_api {

/// What a caller may do, in the words of the configuration's `scopes`.
enum class Scope {
    alerts_write,
    cases_read,
    decisions_write,
    rules_read,
    rules_write,
    status_read,
    audit_read,
    access_read,
    access_write,
    agents_write,  ///< no token has it: it is an administrator's at the hub
};

[[nodiscard]] std::string_view to_text(Scope scope);
[[nodiscard]] std::optional<Scope> parse_scope(std::string_view text);
/// What a person of this role may do over the local socket.
[[nodiscard]] std::set<Scope> scopes_of(Role role);

struct Token {
    std::string name;
    runtime::Secret secret;
    std::set<Scope> scopes;
    std::optional<Person> person;  ///< acts in this person's name
};

struct Caller {
    Actor actor;
    std::set<Scope> scopes;
    std::optional<IpAddress> from;  ///< of a call over TCP; of a local one, what it says of its SSH session
    /// Of a call out of an SSH session: when that began. Empty: nobody can tell, as behind tmux,
    /// or where the hub cannot see whose processes the caller's are.
    std::optional<Time> connected_at;
    std::string account;  ///< what is counted: the token's name, or the person's on the local socket
};

class CallerDirectory {
  public:
    CallerDirectory(std::vector<Person> people, std::vector<Token> tokens);

    /// Fails with `forbidden`, saying what to put into the configuration.
    [[nodiscard]] Result<Caller> identify(const runtime::http::Request& request) const;
    [[nodiscard]] const decide::People& people() const { return people_; }

  private:
    [[nodiscard]] Result<Caller> local_caller(const runtime::http::Request& request) const;
    [[nodiscard]] Result<Caller> token_caller(const runtime::http::Request& request) const;

    decide::People people_;
    std::vector<Token> tokens_;
};

}  // namespace garita::rest_api
