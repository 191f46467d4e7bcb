#include <algorithm>
#include <array>
#include <cstdlib>

#include "runtime/config/secret_node.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

constexpr std::array<std::string_view, 3> places = {"file", "env", "credential"};

std::optional<Complaint> wrong(const Setting& setting, std::string what, std::string nearest = {}) {
    return Complaint{std::move(what), allowed_text(setting), std::move(nearest), Problem::Weight::error};
}

bool is_variable_name(std::string_view name) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return !name.empty() && name.size() <= 128 && (name.front() < '0' || name.front() > '9') &&
           name.find_first_not_of(allowed) == std::string_view::npos;
}

std::optional<Complaint> check_place(const Setting& setting, const Node& node) {
    if (node.entries.size() != 1) return wrong(setting, "one key says where the secret is");
    const Node::Entry& entry = node.entries.front();
    const std::vector<std::string_view> known(places.begin(), places.end());
    if (std::find(known.begin(), known.end(), entry.key) == known.end())
        return wrong(setting, shown(entry.key) + " is not a place of secrets",
                     nearest_name(entry.key, known));
    if (entry.value.kind != Node::Kind::scalar) return wrong(setting, shown(entry.key) + " wants one name");
    const std::string& name = entry.value.scalar;
    const bool fits = entry.key == "file"  ? is_absolute_path(name)
                      : entry.key == "env" ? is_variable_name(name)
                                           : is_name(name);
    if (!fits)
        return wrong(setting,
                     shown(name) + (entry.key == "file" ? " is not an absolute path" : " is not a name"));
    return std::nullopt;
}

/// What would go wrong at the start. What another user or unit may well see right is only a warning.
std::optional<Complaint> check_presence(const Setting& setting, const SecretSource& source) {
    const auto secret = fetch_secret(source);
    if (secret) {
        if (!long_enough(setting, *secret))
            return wrong(setting, "the secret in " + describe(source) + " is too short");
        return std::nullopt;
    }
    const bool elsewhere =
        source.place != SecretSource::Place::file || secret.error().code == ErrorCode::forbidden;
    return Complaint{secret.error().text, "", "",
                     elsewhere ? Problem::Weight::warning : Problem::Weight::error};
}

}  // namespace

bool long_enough(const Setting& setting, const Secret& secret) {
    const auto least = parse_integer(setting.range);
    return !least || secret.size() >= static_cast<std::size_t>(*least);
}

SecretSource secret_source(const Node& node) {
    SecretSource source;
    if (node.kind == Node::Kind::scalar) {
        source.value = Secret(node.scalar);
    } else if (!node.entries.empty()) {
        const Node::Entry& entry = node.entries.front();
        source.place = entry.key == "file"  ? SecretSource::Place::file
                       : entry.key == "env" ? SecretSource::Place::variable
                                            : SecretSource::Place::credential;
        source.name = entry.value.scalar;
    }
    return source;
}

std::optional<Complaint> check_secret(const Setting& setting, const Node& node, Outside outside) {
    switch (node.kind) {
        case Node::Kind::nothing:
            return wrong(setting, "there is no value");
        case Node::Kind::list:
            return wrong(setting, "a list stands here where a secret belongs");
        case Node::Kind::scalar:
            if (!long_enough(setting, Secret(node.scalar))) return wrong(setting, "the secret is too short");
            return std::nullopt;
        case Node::Kind::map:
            if (auto complaint = check_place(setting, node)) return complaint;
            return outside == Outside::look ? check_presence(setting, secret_source(node)) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace garita::runtime
