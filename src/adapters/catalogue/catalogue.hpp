#pragma once
// decide::Catalogue over the compiled message catalogues of the program.

#include <map>
#include <string>

#include "adapters/catalogue/embedded.hpp"
#include "adapters/catalogue/mo_file.hpp"
#include "decide/catalogue.hpp"

namespace garita::catalogue {

/// Any thread may ask at any time: nothing changes after construction.
class MessageCatalogue final : public decide::Catalogue {
  public:
    /// With the languages compiled into the program. Throws std::logic_error for a damaged one, or without
    /// English: the program is built wrong.
    MessageCatalogue();
    explicit MessageCatalogue(const std::vector<EmbeddedLanguage>& languages);

    /// A key that no language has comes back as it is.
    [[nodiscard]] std::string text(std::string_view language, std::string_view key,
                                   const Facts& facts) const override;
    [[nodiscard]] std::vector<std::string> languages() const override;

  private:
    [[nodiscard]] std::string_view find(std::string_view language, std::string_view key) const;
    std::map<std::string, MoFile, std::less<>> languages_;
};

/// The text with each "{name}" replaced; "?" where the fact is missing. Braces around anything but
/// [a-z0-9_] stay.
[[nodiscard]] std::string fill_in(std::string_view text, const Facts& facts);

/// The names in the braces, in their order.
[[nodiscard]] std::vector<std::string> placeholders(std::string_view text);

}  // namespace garita::catalogue
