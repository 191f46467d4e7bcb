#pragma once
// Texts for people, in their language. Keys and placeholders: locale/en.po.

#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"

namespace garita::decide {

class Catalogue {
  public:
    virtual ~Catalogue() = default;
    /// The text with "{name}" replaced from the facts; an unknown language or a missing text falls back to
    /// English, a missing fact leaves "?" and never throws.
    [[nodiscard]] virtual std::string text(std::string_view language, std::string_view key,
                                           const Facts& facts) const = 0;
    [[nodiscard]] virtual std::vector<std::string> languages() const = 0;
};

}  // namespace garita::decide
