#pragma once
// A password, token or enrolment code. It cannot be printed, formatted or compared by accident, its memory is
// wiped when the last copy goes, and a comparison takes the same time whatever the candidate is.

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace garita::runtime {

class Secret {
  public:
    Secret() = default;
    /// Takes the value; the moved-from string is wiped. A caller that keeps a copy of its own has to wipe
    /// that itself.
    explicit Secret(std::string value);

    [[nodiscard]] bool empty() const { return !bytes_; }
    [[nodiscard]] std::size_t size() const;
    /// The value, for handing to the library that needs it and nothing else. Valid as long as any copy of
    /// this Secret.
    [[nodiscard]] std::string_view reveal() const;
    /// Whether the candidate is the secret, in a time that depends on neither. An empty secret matches
    /// nothing.
    [[nodiscard]] bool matches(std::string_view candidate) const;

    bool operator==(const Secret&) const = delete;
    bool operator==(std::string_view) const = delete;
    friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

  private:
    class Bytes;
    std::shared_ptr<const Bytes> bytes_;  ///< copies share one place in memory, so there is one place to wipe
};

/// Overwrites the text's memory before emptying it.
void wipe(std::string& text);

}  // namespace garita::runtime
