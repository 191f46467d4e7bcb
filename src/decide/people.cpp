#include "decide/people.hpp"

#include <algorithm>

#include "model/mail_identity.hpp"

namespace garita::decide {
namespace {

template <typename Matches>
std::optional<Person> find(const std::vector<Person>& people, Matches matches) {
    const auto found = std::find_if(people.begin(), people.end(), matches);
    return found == people.end() ? std::nullopt : std::optional(*found);
}

bool among(const std::vector<std::string>& owned, const std::optional<std::string>& name) {
    return name && std::find(owned.begin(), owned.end(), *name) != owned.end();
}

}  // namespace

std::optional<Person> People::by_telegram(std::int64_t telegram_id) const {
    return find(people_, [&](const Person& person) { return person.telegram_id == telegram_id; });
}

std::optional<Person> People::by_system_user(std::string_view user, std::uint32_t uid,
                                             std::uint32_t hub_uid) const {
    if (!user.empty())
        if (auto person = find(people_, [&](const Person& p) { return p.system_user == user; }))
            return person;
    if (uid != 0 && uid != hub_uid) return std::nullopt;
    Person root;
    root.name = "root (local)";
    root.role = Role::administrator;
    return root;
}

std::optional<Person> People::by_mail(std::string_view address) const {
    const auto spelled = parse_mail_address(address);
    return find(people_, [&](const Person& person) { return among(person.mail, spelled); });
}

std::optional<Person> People::by_key(std::string_view fingerprint) const {
    const auto spelled = parse_key_fingerprint(fingerprint);
    return find(people_, [&](const Person& person) { return among(person.keys, spelled); });
}

std::optional<Person> People::by_name(std::string_view name) const {
    return find(people_, [&](const Person& person) { return person.name == name; });
}

Actor actor_of(const Person& person, std::string_view channel) {
    return {Actor::Kind::person, person.name, std::string(channel), person.role};
}

}  // namespace garita::decide
