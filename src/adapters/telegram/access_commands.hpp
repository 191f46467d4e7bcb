#pragma once
// /access, /approve, /kill and /report: requests to let new devices in, by people who may.

#include <optional>
#include <string>
#include <string_view>

#include "access/desk.hpp"
#include "adapters/telegram/gatekeeper.hpp"
#include "store/access_book.hpp"

namespace garita::telegram {

/// Null pointers: no new devices are let in. Both outlive the channel.
struct AccessDoor {
    access::AccessDesk* desk = nullptr;
    store::AccessBook* book = nullptr;
};

class AccessCommands {
  public:
    AccessCommands(AccessDoor door, store::Store& store) : door_(door), store_(store) {}

    /// Whether it is one of them, of a hub that lets devices in.
    [[nodiscard]] bool knows(std::string_view name) const;
    /// `words`: all behind the command. The person is known.
    [[nodiscard]] std::string answer(std::string_view name, std::string_view words, const Person& person,
                                     const decide::Reader& reader, Time now) const;

  private:
    [[nodiscard]] std::string list(const decide::Reader& reader) const;
    [[nodiscard]] std::string show(std::string_view id, const decide::Reader& reader) const;
    [[nodiscard]] std::string approve(std::string_view words, const Person& person,
                                      const decide::Reader& reader, Time now) const;
    [[nodiscard]] std::string kill(std::string_view id, const Person& person, const decide::Reader& reader,
                                   Time now) const;

    AccessDoor door_;
    store::Store& store_;
};

}  // namespace garita::telegram
