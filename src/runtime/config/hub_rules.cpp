#include <algorithm>
#include <map>

#include "model/alert_kinds.hpp"
#include "model/mail_identity.hpp"
#include "model/person.hpp"
#include "runtime/config/checker.hpp"
#include "runtime/config/rule_check.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

std::vector<std::string_view> words_of(std::span<const Response> responses) {
    std::vector<std::string_view> words;
    for (const Response response : responses)
        if (response != Response::refresh) words.push_back(to_text(response));  // decides nothing
    return words;
}

/// A policy for every kind takes only what every kind takes.
std::vector<std::string_view> words_for(std::string_view kind) {
    return words_of(kind.empty() ? answers_of_every_kind() : answers_of(kind));
}

std::string joined(const std::vector<std::string_view>& names) {
    std::string out;
    for (const std::string_view name : names)
        out.append(out.empty() ? "" : ", ").append(name);
    return out;
}

std::vector<std::string_view> keys_of(const Node& node) {
    std::vector<std::string_view> keys;
    for (const Node::Entry& entry : node.entries)
        keys.emplace_back(entry.key);
    return keys;
}

std::vector<std::string_view> words_of(const Node& list) {
    std::vector<std::string_view> words;
    for (const Node& item : list.items)
        words.emplace_back(item.scalar);
    return words;
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void check_certificate(const Node& root, std::vector<Problem>& problems) {
    RuleCheck hub(at(root, "hub"), "hub", problems);
    if (hub.given("certificate") != hub.given("key"))
        hub.error(hub.given("key") ? "key" : "certificate", "`certificate` and `key` go together");
}

/// Who acts is known by these ids, so nobody may share one.
void check_people(const Node& root, std::vector<Problem>& problems) {
    for (const std::string_view key : {"telegram", "system_user"}) {
        std::map<std::string_view, std::string_view> owners;
        for (const Node::Entry& person : at(root, "people").entries) {
            RuleCheck check(person.value, "people." + person.key, problems);
            if (!check.given(key)) continue;
            const auto [owner, fresh] = owners.emplace(check.text(key), person.key);
            if (!fresh)
                check.error(key,
                            shown(check.text(key)) + " already belongs to " + std::string(owner->second));
        }
    }
}

/// The same for what a person may have several of, however it is written.
void check_proofs(const Node& root, std::vector<Problem>& problems, std::string_view key,
                  std::optional<std::string> (*spelled)(std::string_view)) {
    std::map<std::string, std::string_view> owners;
    for (const Node::Entry& person : at(root, "people").entries) {
        RuleCheck check(person.value, "people." + person.key, problems);
        for (const Node& item : at(person.value, key).items) {
            const auto name = spelled(item.scalar);
            if (!name) continue;
            const auto [owner, fresh] = owners.emplace(*name, person.key);
            if (!fresh)
                check.error(key, shown(item.scalar) + " already belongs to " + std::string(owner->second));
        }
    }
}

/// Whoever could answer, but for the code that everybody has to give.
void check_codes(const Node& root, std::vector<Problem>& problems) {
    if (at(root, "hub.step_up").items.empty()) return;
    for (const Node::Entry& person : at(root, "people").entries) {
        RuleCheck check(person.value, "people." + person.key, problems);
        const auto role = parse_role(check.text("role")).value_or(Role::viewer);
        if (role >= Role::approver && !check.given("totp") && !check.has_entries("totp"))
            check.warning("totp", "no secret: hub.step_up refuses dangerous answers of " + person.key,
                          "garita people totp " + person.key);
    }
}

void check_tokens(const Node& root, std::vector<Problem>& problems) {
    const auto people = keys_of(at(root, "people"));
    for (const Node::Entry& token : at(root, "tokens").entries) {
        RuleCheck check(token.value, "tokens." + token.key, problems);
        const std::string_view person = check.text("person");
        if (!person.empty() && !contains(people, person))
            check.error("person", shown(person) + " is not one of the people", joined(people),
                        nearest_name(person, people));
    }
    const auto agents = keys_of(at(root, "agents"));
    for (const Node::Entry& token : at(root, "tokens").entries)
        if (contains(agents, token.key))
            RuleCheck(token.value, "tokens." + token.key, problems)
                .error("", "an agent has this name too: alerts of both could not be told apart");
}

void check_chats(const Node& root, std::vector<Problem>& problems) {
    const Node& chats = at(root, "telegram.chats");
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> seen;
    for (std::size_t i = 0; i < chats.items.size(); ++i) {
        RuleCheck check(chats.items[i], "telegram.chats[" + std::to_string(i) + ']', problems);
        if (!check.given("id")) continue;
        const auto [first, fresh] = seen.emplace(std::pair(check.text("id"), check.text("thread")), i);
        if (!fresh) check.error("id", "this chat is already chats[" + std::to_string(first->second) + "]");
    }
    if (at(root, "telegram").kind == Node::Kind::map && chats.items.empty())
        RuleCheck(at(root, "telegram"), "telegram", problems)
            .warning("chats", "no chat: nobody is asked in Telegram until an administrator lets one in");
}

/// Checks one policy; remembers what the ones before it take.
class PolicyCheck {
  public:
    PolicyCheck(const Node& root, std::vector<Problem>& problems) : problems_(problems) {
        devices_ = keys_of(at(root, "agents"));
        for (const auto& token : keys_of(at(root, "tokens")))
            devices_.push_back(token);
        for (const auto& device : keys_of(at(root, "devices")))
            devices_.push_back(device);
    }

    void check(const Node& policy, const std::string& path) {
        RuleCheck check(policy, path, problems_);
        if (!catch_all_.empty()) check.warning("", "never reached: " + catch_all_ + " takes every alert");
        check_conditions(check);
        check_mode(check);
        check_response(check, "response");
        check_response(check, "on_silence");
        const bool conditional =
            check.given("kind") || check.given("name") || check.given("severity") || check.given("device");
        if (!conditional && catch_all_.empty()) catch_all_ = path;
    }

  private:
    void check_conditions(RuleCheck& check) const {
        const std::string_view kind = check.text("kind");
        std::vector<std::string_view> known;
        for (const AlertKind& one : alert_kinds())
            known.push_back(one.name);
        const std::string nearest = contains(known, kind) ? std::string() : nearest_name(kind, known);
        if (!nearest.empty())
            check.error("kind", shown(kind) + " is not a kind of alert",
                        joined(known) + ", or a REST source's own word", nearest);
        if (check.given("name") && kind != "log_patterns")
            check.error("name", "only kind log_patterns has names", "kind: log_patterns");
        const std::string_view device = check.text("device");
        if (!device.empty() && !contains(devices_, device))
            check.warning("device", shown(device) + " is neither an agent nor a token of this file",
                          joined(devices_), nearest_name(device, devices_));
    }

    static void check_mode(RuleCheck& check) {
        const std::string_view mode = check.given("mode") ? check.text("mode") : "ask";
        if (mode == "auto" && !check.given("response"))
            check.error("mode", "auto needs to know what to do",
                        "response: " + joined(words_for(check.text("kind"))));
        if (parse_yes_no(check.text("locally")) == true &&
            !(mode == "auto" && check.text("response") == "block"))
            check.error("locally", "an agent does nothing by itself but block",
                        "mode: auto and response: block");
        if (mode != "auto" && check.given("response"))
            check.warning("response", "has no effect: it is what mode auto does",
                          mode == "ask" ? "on_silence" : "");
        if (mode == "auto" && check.given("approvals") && check.text("approvals") != "1")
            check.error("approvals", "mode auto asks nobody who could agree", "mode: ask");
        if (mode == "auto" && contains(words_of(at(check.node(), "two_persons")), check.text("response")))
            check.error("two_persons", "mode auto would do alone what takes two persons", "mode: ask");
        if (mode != "auto" && check.given("at_most"))
            check.warning("at_most", "has no effect: it bounds what mode auto does");
        if (mode == "ask") return;
        for (const std::string_view key : {"wait", "on_silence", "on_silence_for"})
            if (check.given(key)) check.warning(key, "has no effect: only mode ask waits for an answer");
    }

    static void check_response(RuleCheck& check, std::string_view key) {
        const std::string_view response = check.text(key);
        const std::string_view kind = check.text("kind");
        const auto allowed = words_for(kind);
        if (!parse_response(response) || contains(allowed, response)) return;
        check.error(key,
                    kind.empty()
                        ? shown(response) + " does not suit every kind: say which `kind` this policy is for"
                        : shown(response) + " does not suit " + std::string(kind),
                    joined(allowed));
    }

    std::vector<Problem>& problems_;
    std::vector<std::string_view> devices_;
    std::string catch_all_;
};

}  // namespace

void check_hub_rules(const Node& root, std::vector<Problem>& problems) {
    check_certificate(root, problems);
    check_people(root, problems);
    check_proofs(root, problems, "mail", parse_mail_address);
    check_proofs(root, problems, "keys", parse_key_fingerprint);
    check_codes(root, problems);
    check_tokens(root, problems);
    check_chats(root, problems);
    check_mail(root, problems);
    check_alertmanagers(root, problems);
    check_sinks(root, problems);
    check_on_call(root, problems);
    check_access(root, problems);
    check_siems(root, problems);
    check_devices(root, problems);
    PolicyCheck policies(root, problems);
    const auto& items = at(root, "policies").items;
    for (std::size_t i = 0; i < items.size(); ++i)
        policies.check(items[i], "policies[" + std::to_string(i) + ']');
}

}  // namespace garita::runtime
