// What no single row of the mail settings can say.

#include <algorithm>
#include <map>

#include "model/mail_identity.hpp"
#include "runtime/config/checker.hpp"
#include "runtime/config/mail_config.hpp"
#include "runtime/config/rule_check.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

void check_security(RuleCheck& check) {
    const std::string_view security = check.given("security") ? check.text("security") : "starttls";
    const std::string_view port = check.text("port");
    const bool insecure = parse_yes_no(check.text("insecure")) == true;
    if (security == "none" && !insecure)
        check.error("security",
                    "letters would be readable on the way; where that is wanted, say `insecure: yes` too",
                    "starttls or tls");
    if (security != "none" && insecure)
        check.warning("insecure", "has no effect: it goes with `security: none`");
    if (security == "tls" && (port == "25" || port == "587"))
        check.error("port", "servers do not speak TLS from the first byte on port " + std::string(port),
                    "port 465, or security: starttls");
    if (security == "starttls" && port == "465")
        check.error("port", "servers speak TLS from the first byte on port 465", "security: tls");
    if (security != "none") return;
    for (const std::string_view key : {"ca", "pin"})
        if (check.given(key)) check.error(key, "there is no certificate without TLS", "starttls or tls");
}

void check_login(RuleCheck& check) {
    // a password is text or says where it is: {file: PATH}
    const bool password = check.given("password") || check.has_entries("password");
    if (check.given("user") && !password) check.error("user", "`user` needs a `password`");
    if (!check.given("user") && password) check.error("password", "`password` needs a `user`");
    if (password && check.text("security") == "none")
        check.warning("password", "the password is readable on the way");
    if (check.given("pin") && check.given("ca"))
        check.warning("ca", "has no effect beside `pin`, which says whose key it is");
}

void check_recipients(const Node& mail, std::vector<Problem>& problems) {
    const Node& to = at(mail, "to");
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < to.items.size(); ++i) {
        const auto path = "mail.to[" + std::to_string(i) + ']';
        RuleCheck check(to.items[i], path, problems);
        check_kinds(at(to.items[i], "kinds"), path + ".kinds", problems);
        const auto address = parse_mail_address(check.text("address"));
        if (!address) continue;
        const auto [first, fresh] = seen.emplace(*address, i);
        if (!fresh)
            check.error("address", "this address is already to[" + std::to_string(first->second) + "]");
    }
    if (to.items.empty())
        RuleCheck(mail, "mail", problems).warning("to", "no recipient: nobody gets a letter about a case");
}

bool is_somebodys(const Node& people, const std::string& address) {
    return std::any_of(people.entries.begin(), people.entries.end(), [&](const Node::Entry& person) {
        const auto& own = at(person.value, "mail").items;
        return std::any_of(own.begin(), own.end(),
                           [&](const Node& one) { return parse_mail_address(one.scalar) == address; });
    });
}

void check_links(const Node& root, std::vector<Problem>& problems) {
    const Node& links = at(root, "mail.links");
    if (links.kind != Node::Kind::map) return;
    RuleCheck check(links, "mail.links", problems);
    if (check.given("url") && !parse_links_url(check.text("url")))
        check.error("url", shown(check.text("url")) + " is no address that browsers open safely",
                    "https://, a name, and a path where there is one; http:// only for this machine itself");
    const auto& to = at(root, "mail.to").items;
    const bool some = std::any_of(to.begin(), to.end(), [&](const Node& one) {
        const auto address = parse_mail_address(RuleCheck(one, "", problems).text("address"));
        return address && is_somebodys(at(root, "people"), *address);
    });
    if (!some) check.warning("url", "nobody gets a link: no address under mail.to is one of people.*.mail");
}

}  // namespace

void check_mail(const Node& root, std::vector<Problem>& problems) {
    const Node& mail = at(root, "mail");
    if (mail.kind != Node::Kind::map) return;
    RuleCheck check(mail, "mail", problems);
    if (check.given("server") && !is_mail_server(check.text("server")))
        check.error("server", shown(check.text("server")) + " is neither a host name nor an address",
                    "the port stands in `port`");
    check_security(check);
    check_login(check);
    check_recipients(mail, problems);
    check_links(root, problems);
}

}  // namespace garita::runtime
