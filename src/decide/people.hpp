#pragma once
// Who is who: the directory of people by the doors they come through. API tokens are known to the REST door.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/person.hpp"

namespace garita::decide {

class People {
  public:
    explicit People(std::vector<Person> people) : people_(std::move(people)) {}

    [[nodiscard]] std::optional<Person> by_telegram(std::int64_t telegram_id) const;
    /// A person of the configuration goes first. Otherwise root, and the account the hub itself runs under,
    /// are the administrator "root (local)": whoever has them can do anything on this machine anyway.
    [[nodiscard]] std::optional<Person> by_system_user(std::string_view user, std::uint32_t uid,
                                                       std::uint32_t hub_uid) const;
    /// Whoever asks has proven that the mail comes from the address, or that the key signed it. However
    /// spelled; nobody for what is no address or fingerprint at all.
    [[nodiscard]] std::optional<Person> by_mail(std::string_view address) const;
    [[nodiscard]] std::optional<Person> by_key(std::string_view fingerprint) const;
    [[nodiscard]] std::optional<Person> by_name(std::string_view name) const;
    [[nodiscard]] const std::vector<Person>& all() const { return people_; }

  private:
    std::vector<Person> people_;
};

/// The author that this person is when coming through this door ("telegram", "cli", "rest", "mail").
[[nodiscard]] Actor actor_of(const Person& person, std::string_view channel);

}  // namespace garita::decide
