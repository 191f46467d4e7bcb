// What no single row of a SIEM's settings can say.

#include "model/time.hpp"
#include "runtime/config/checker.hpp"
#include "runtime/config/rule_check.hpp"

namespace garita::runtime {

namespace {

/// The host of a URL: what is between "//" and the next ':' or '/'.
bool is_this_machine(std::string_view url) {
    const auto begin = url.find("://");
    if (begin == url.npos) return false;
    const auto host = url.substr(begin + 3);
    for (const std::string_view own : {"localhost", "127.0.0.1", "[::1]"})
        if (host.starts_with(own) &&
            (host.size() == own.size() || host[own.size()] == ':' || host[own.size()] == '/'))
            return true;
    return false;
}

void check_urls(RuleCheck& check) {
    for (const std::string_view key : {"url", "login_url"}) {
        const auto url = check.text(key);
        if (url.starts_with("http://") && !is_this_machine(url))
            check.error(key, "passwords and tokens would be readable on the way", "https://");
        if (url.find('?') != url.npos || url.find('#') != url.npos || url.find('@') != url.npos)
            check.error(key, "is the bare address, without `?`, `#` or a name before `@`");
    }
}

void check_login(RuleCheck& check) {
    const auto given = [&](std::string_view key) { return check.given(key) || check.has_entries(key); };
    const int ways = int{given("access_token")} + int{given("refresh_token")} + int{given("password")};
    if (ways == 0)
        check.error("", "nothing says how to log in", "user and password, refresh_token, or access_token");
    if (given("password") != check.given("user"))
        check.error(check.given("user") ? "user" : "password", "`user` and `password` go together");
    if (given("access_token") && ways > 1)
        check.warning("access_token", "is used; the other ways to log in have no effect beside it");
    if (!given("access_token") && ways > 0 && !given("client_secret"))
        check.error("client_secret", "a login needs the client's secret");
    if (check.given("pin") && check.given("ca"))
        check.warning("ca", "has no effect beside `pin`, which says whose key it is");
}

}  // namespace

void check_siems(const Node& root, std::vector<Problem>& problems) {
    for (const Node::Entry& entry : at(root, "sources.maxpatrol").entries) {
        RuleCheck check(entry.value, "sources.maxpatrol." + entry.key, problems);
        check_urls(check);
        check_login(check);
        if (check.given("begin") && !parse_utc(check.text("begin")))
            check.error("begin", "is no moment in UTC", "2026-11-22T06:08:25Z");
    }
}

}  // namespace garita::runtime
