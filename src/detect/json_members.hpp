#pragma once
// A few members of one JSON object a line, whatever else is in it.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace garita::detect {

class JsonCursor;

class JsonMembers {
  public:
    /// "alert.signature" is a member of an object in the object. The texts must outlive the reader.
    explicit JsonMembers(std::span<const std::string_view> paths) : paths_(paths.begin(), paths.end()) {}

    /// One value for each path, in their order: strings without their quotes and with their escapes, numbers
    /// as they stand; empty where the line has no such member, or one that is an object or a list. False for
    /// text that is not one object, nests deeper than 32, or names a wanted member twice (readers would not
    /// agree which one counts). Views into the line.
    [[nodiscard]] bool read(std::string_view line, std::span<std::string_view> values) const;

  private:
    bool read_object(JsonCursor& cursor, std::string& path, std::span<std::string_view> values) const;
    bool read_member(JsonCursor& cursor, std::string& path, std::span<std::string_view> values) const;
    [[nodiscard]] bool wanted_below(std::string_view path) const;

    std::vector<std::string_view> paths_;
};

/// The text that a JSON string stands for, given what is between its quotes. Nothing for an escape that JSON
/// does not have; half of a surrogate pair becomes U+FFFD.
[[nodiscard]] std::optional<std::string> unescaped(std::string_view raw);

}  // namespace garita::detect
