#pragma once
// Reads a compiled message catalogue (GNU .mo). Every offset is checked: a damaged file gives an error, never
// a wild read.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"

namespace garita::catalogue {

class MoFile {
  public:
    /// Keeps views into `bytes`, which must outlive the object.
    [[nodiscard]] static Result<MoFile> parse(std::string_view bytes);

    /// Empty: there is no such message.
    [[nodiscard]] std::string_view find(std::string_view id) const;
    /// Sorted by id; the header entry is left out.
    [[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& messages() const {
        return messages_;
    }

  private:
    std::vector<std::pair<std::string_view, std::string_view>> messages_;
};

}  // namespace garita::catalogue
