// What no single row of the access settings can say.

#include <algorithm>
#include <set>

#include "model/mail_identity.hpp"
#include "model/person.hpp"
#include "runtime/config/access_config.hpp"
#include "runtime/config/checker.hpp"
#include "runtime/config/mail_config.hpp"
#include "runtime/config/rule_check.hpp"
#include "runtime/config/switch_check.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

bool says_no(const Node& section, std::string_view key) {
    const Node* node = section.find(key);
    return node != nullptr && parse_yes_no(node->scalar) == false;
}

void check_mailbox_security(RuleCheck& check) {
    const std::string_view security = check.given("security") ? check.text("security") : "tls";
    const std::string_view port = check.text("port");
    const bool insecure = parse_yes_no(check.text("insecure")) == true;
    if (security == "none" && !insecure)
        check.error("security",
                    "letters and password would be readable on the way; where that is wanted, say "
                    "`insecure: yes` too",
                    "tls or starttls");
    if (security != "none" && insecure)
        check.warning("insecure", "has no effect: it goes with `security: none`");
    if (security == "tls" && (port == "143" || port == "110"))
        check.error("port", "servers do not speak TLS from the first byte on port " + std::string(port),
                    "993 or 995, or security: starttls");
    if (security == "starttls" && (port == "993" || port == "995"))
        check.error("port", "servers speak TLS from the first byte on port " + std::string(port),
                    "security: tls");
    if (security == "none") {
        check.warning("password", "the password is readable on the way");
        for (const std::string_view key : {"ca", "pin"})
            if (check.given(key)) check.error(key, "there is no certificate without TLS", "tls or starttls");
    }
    if (check.given("pin") && check.given("ca"))
        check.warning("ca", "has no effect beside `pin`, which says whose key it is");
}

void check_mailbox(const Node& mailbox, std::vector<Problem>& problems) {
    RuleCheck check(mailbox, "access.mailbox", problems);
    if (check.given("server") && !is_mail_server(check.text("server")))
        check.error("server", shown(check.text("server")) + " is neither a host name nor an address",
                    "the port stands in `port`");
    check_mailbox_security(check);
    if (check.text("protocol") != "pop3") return;
    if (check.given("folder")) check.warning("folder", "has no effect: pop3 has one folder only");
    if (check.text("after") == "remove") return;
    check.warning("after", "pop3 cannot mark letters: all stay, and a full mailbox takes no more", "remove");
}

struct Approvers {
    bool some = false;       ///< anybody may approve by mail
    bool keys = false;       ///< one of them signs
    std::string of_openpgp;  ///< one who signs by OpenPGP
};

Approvers approvers_of(const Node& root) {
    Approvers found;
    for (const Node::Entry& person : at(root, "people").entries) {
        const auto role = parse_role(at(person.value, "role").scalar).value_or(Role::viewer);
        if (role < Role::approver || at(person.value, "mail").items.empty()) continue;
        found.some = true;
        for (const Node& key : at(person.value, "keys").items) {
            found.keys = true;
            if (key.scalar.starts_with("openpgp:")) found.of_openpgp = person.key;
        }
    }
    return found;
}

/// Who writes letters, and what shows it.
void check_proof(const Node& root, std::vector<Problem>& problems) {
    const Node& access = at(root, "access");
    const Node& proof = at(access, "proof");
    RuleCheck check(proof.kind == Node::Kind::map ? proof : access,
                    proof.kind == Node::Kind::map ? "access.proof" : "access", problems);
    if (at(access, "mailbox").kind != Node::Kind::map) {
        if (proof.kind == Node::Kind::map)
            check.warning("", "has no effect: it is about letters, and there is no `mailbox`");
        return;
    }
    const auto approvers = approvers_of(root);
    if (!approvers.some)
        RuleCheck(access, "access", problems)
            .error("mailbox", "nobody could approve by mail: no approver has an address",
                   "people: {ana: {role: approver, mail: [ana@example.org]}}");
    const bool domain = !says_no(proof, "dkim") || check.given("authentication_results");
    const bool code = !says_no(proof, "code");
    if (!domain && !code && !approvers.keys)
        check.error("dkim", "no letter would ever be believed",
                    "dkim: yes or code: yes, authentication_results, or `keys` of an approver");
    if (!domain && code)
        check.warning("dkim",
                      "the code alone shows that somebody reads the approver's mail; whoever forges a "
                      "From line can have codes mailed");
    if (domain && !code)
        check.warning("code", "whoever can send mail from an approver's domain can approve in that name");
    if (says_no(proof, "dkim") && (check.given("keys_file") || check.has_entries("parents")))
        check.warning(check.given("keys_file") ? "keys_file" : "parents", "has no effect without `dkim`");
    if (!approvers.of_openpgp.empty() && !check.has_entries("openpgp_keys"))
        check.warning(
            "openpgp_keys",
            "no file has the key of " + approvers.of_openpgp + ": its signatures cannot be verified",
            "access.proof.openpgp_keys: [FILE]");
}

/// Letters that go out need `mail`, and must not come back as somebody's.
void check_letters(const Node& root, std::vector<Problem>& problems) {
    const Node& access = at(root, "access");
    RuleCheck check(access, "access", problems);
    const bool mail = at(root, "mail").kind == Node::Kind::map;
    for (const std::string_view key : {"mailbox", "notify"})
        if (!mail && check.has_entries(key))
            check.error(key, "letters have to go out too, and there is no `mail`",
                        "mail: {server: mail.example.org, from: garita@example.org}");
    const auto own = parse_mail_address(at(root, "mail.from").scalar);
    if (!own) return;
    for (const Node& item : at(access, "notify").items)
        if (parse_mail_address(item.scalar) == own)
            check.error("notify", shown(*own) + " is the hub's own address (mail.from)");
    for (const Node::Entry& person : at(root, "people").entries)
        for (const Node& item : at(person.value, "mail").items)
            if (parse_mail_address(item.scalar) == own)
                RuleCheck(person.value, "people." + person.key, problems)
                    .error("mail", shown(*own) + " is the hub's own address (mail.from)");
}

void check_syslog(const Node& syslog, std::vector<Problem>& problems) {
    RuleCheck check(syslog, "access.syslog", problems);
    std::vector<AccessListenConfig> seen;
    bool tls = false;
    for (const Node& item : at(syslog, "listen").items) {
        const auto listen = parse_listen(item.scalar);
        if (!listen) continue;
        tls = tls || listen->transport == AccessListenConfig::Transport::tls;
        const auto clash = std::find_if(seen.begin(), seen.end(), [&](const AccessListenConfig& other) {
            const bool udp = listen->transport == AccessListenConfig::Transport::udp;
            const bool other_udp = other.transport == AccessListenConfig::Transport::udp;
            return udp == other_udp && other.port == listen->port && other.address == listen->address;
        });
        if (clash != seen.end()) check.error("listen", shown(item.scalar) + " is taken by the one before");
        seen.push_back(*listen);
    }
    if (check.given("certificate") != check.given("key"))
        check.error(check.given("key") ? "key" : "certificate", "`certificate` and `key` go together");
    if (!tls && check.given("certificate"))
        check.warning("certificate", "has no effect: nothing listens for tls");
}

void check_databases(const Node& databases, std::vector<Problem>& problems) {
    for (const Node::Entry& entry : databases.entries) {
        RuleCheck check(entry.value, "access.databases." + entry.key, problems);
        const auto host = check.text("host");
        const bool socket = host.starts_with('/');
        if (!host.empty() && !socket && !is_mail_server(host))
            check.error("host", shown(host) + " is neither a host name nor an address nor a path",
                        "the port stands in `port`");
        if (socket && check.given("port")) check.warning("port", "has no effect: a socket has none");
        if (!socket && check.text("tls") == "off")
            check.warning("tls", "the password and what is logged are readable on the way");
        if (check.text("tls") == "off" && check.given("ca"))
            check.error("ca", "there is no certificate without TLS", "tls: verified");
    }
}

/// Whatever says where devices show up.
void check_sources(const Node& access, std::vector<Problem>& problems) {
    check_syslog(at(access, "syslog"), problems);
    check_databases(at(access, "databases"), problems);
    if (at(access, "syslog.listen").items.empty() && at(access, "databases").entries.empty())
        RuleCheck(access, "access", problems)
            .error("", "nothing tells where a device is plugged in: each request would wait in vain",
                   "syslog: {listen: [\"udp 0.0.0.0:5514\"]}, or databases");
}

}  // namespace

void check_access(const Node& root, std::vector<Problem>& problems) {
    const Node& access = at(root, "access");
    if (access.kind != Node::Kind::map) return;
    if (const Node& mailbox = at(access, "mailbox"); mailbox.kind == Node::Kind::map)
        check_mailbox(mailbox, problems);
    check_proof(root, problems);
    check_letters(root, problems);
    check_sources(access, problems);
    SwitchCheck switches(networks_of(at(access, "excluded")));
    switches.check(access, {}, "access", "this file", problems);
    RuleCheck check(access, "access", problems);
    if (switches.count() == 0 && !check.given("inventory"))
        check.error("switches", "there is no switch", "switches or inventory");
}

}  // namespace garita::runtime
