#include "runtime/config/switch_check.hpp"

#include <algorithm>

#include "model/port_specification.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

bool is_written(const Node& node) {
    return !node.scalar.empty() || !node.entries.empty();
}

bool is_insecure(const SwitchWords& words) {
    return parse_yes_no(words.text("insecure", "no")) == true;
}

void check_transport(const SwitchWords& words, RuleCheck& check) {
    const bool telnet = words.text("transport", "ssh") == "telnet";
    if (telnet && !is_insecure(words))
        check.error("transport",
                    "telnet lets everybody on the way read the password; where that is wanted, say "
                    "`insecure: yes` too",
                    "ssh");
    if (telnet && words.find("key_file") != nullptr)
        check.error("key_file", "telnet knows no keys", "password, or transport: ssh");
    if (!telnet) return;
    check.warning("",
                  "telnet: passwords are readable on the way, and any device can say that it is this one");
}

void check_login(const SwitchWords& words, RuleCheck& check) {
    if (words.find("user") == nullptr)
        check.error("", "nobody to log in as", "user: NAME, here or in `login`");
    if (words.find("password") == nullptr && words.find("key_file") == nullptr)
        check.error("", "nothing to log in with", "password or key_file, here or in `login`");
}

void check_host_keys(const Node& own, const SwitchWords& words, RuleCheck& check) {
    const Node* keys = own.find("host_keys");
    const bool some = keys != nullptr && !keys->items.empty();
    const bool telnet = words.text("transport", "ssh") == "telnet";
    if (telnet && some) check.warning("host_keys", "has no effect: telnet knows no keys");
    if (telnet || some) return;
    const auto port = words.text("port", "22");
    const auto command = "ssh-keyscan " + (port == "22" ? std::string() : "-p " + std::string(port) + ' ') +
                         std::string(check.text("address")) + " | ssh-keygen -lf -";
    check.error("", "no key that it may show: whoever answers at this address would get the password",
                "host_keys: [\"SHA256:…\"], as `" + command + "` prints it");
}

}  // namespace

const Node* SwitchWords::find(std::string_view key) const {
    if (const Node* own = own_.find(key); own != nullptr && is_written(*own)) return own;
    for (const Node* login : logins_) {
        const Node* node = login == nullptr ? nullptr : login->find(key);
        if (node != nullptr && is_written(*node)) return node;
    }
    return nullptr;
}

std::string_view SwitchWords::text(std::string_view key, std::string_view otherwise) const {
    const Node* node = find(key);
    return node == nullptr ? otherwise : std::string_view(node->scalar);
}

std::string alias_spelling(std::string_view text) {
    if (const auto address = IpAddress::parse(text)) return address->text();
    std::string name(text);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    while (name.ends_with('.'))
        name.pop_back();
    return name;
}

std::vector<IpNetwork> networks_of(const Node& list) {
    std::vector<IpNetwork> networks;
    for (const Node& item : list.items)
        if (const auto network = IpNetwork::parse(item.scalar)) networks.push_back(*network);
    return networks;
}

void SwitchCheck::check(const Node& section, const std::vector<const Node*>& outer_logins,
                        const std::string& path, const std::string& file, std::vector<Problem>& problems) {
    const auto below = [&](const std::string& key) { return path.empty() ? key : path + '.' + key; };
    std::vector<const Node*> logins{section.find("login")};
    logins.insert(logins.end(), outer_logins.begin(), outer_logins.end());
    for (const Node::Entry& entry : at(section, "switches").entries) {
        if (entry.value.kind != Node::Kind::map) continue;
        RuleCheck check(entry.value, below("switches." + entry.key), problems);
        check_switch(entry, SwitchWords(entry.value, logins), check, file);
    }
}

void SwitchCheck::check_switch(const Node::Entry& entry, const SwitchWords& words, RuleCheck& check,
                               const std::string& file) {
    ++count_;
    const auto place = WrittenPlace{file, entry.position.line}.text();
    const auto [first, fresh] = names_.try_emplace(alias_spelling(entry.key), Owner{entry.key, place});
    if (!fresh) check.error("", "a switch of this name is already at " + first->second.place);
    check_names(entry, check, place);
    check_transport(words, check);
    check_login(words, check);
    check_host_keys(entry.value, words, check);
}

void SwitchCheck::check_names(const Node::Entry& entry, RuleCheck& check, const std::string& place) {
    const auto address = IpAddress::parse(check.text("address"));
    if (address) {
        check_excluded(*address, check, "address");
        claim(address->text(), entry, check, "address", place);
    }
    for (const Node& alias : at(entry.value, "aliases").items) {
        if (alias.scalar.empty()) continue;
        const auto also = IpAddress::parse(alias.scalar);
        if (also && address && *also == *address) continue;
        if (also) check_excluded(*also, check, "aliases");
        claim(alias_spelling(alias.scalar), entry, check, "aliases", place);
    }
}

void SwitchCheck::claim(const std::string& called, const Node::Entry& entry, RuleCheck& check,
                        std::string_view key, const std::string& place) {
    const auto [owner, fresh] = owners_.try_emplace(called, Owner{entry.key, place});
    if (!fresh && owner->second.name != entry.key)
        check.error(key, shown(called) + " already belongs to " + owner->second.name + " (" +
                             owner->second.place + "): a log line could be of either");
}

void SwitchCheck::check_excluded(const IpAddress& address, RuleCheck& check, std::string_view key) const {
    for (const IpNetwork& network : excluded_)
        if (network.contains(address))
            check.error(key, address.text() + " is in access.excluded (" + network.text() +
                                 "): it would never be contacted");
}

}  // namespace garita::runtime
