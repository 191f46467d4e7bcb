#pragma once
// The table of settings as a tree, which a file's tree is held against.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/config/settings.hpp"

namespace garita::runtime {

/// What may stand at one place of a file. A section has `keys` (fixed), `any_key` (names freely chosen) or
/// `item` (a list).
struct Shape {
    const Setting* setting = nullptr;  ///< null only at the root
    std::vector<std::pair<std::string, Shape>> keys;
    std::unique_ptr<Shape> any_key;
    std::unique_ptr<Shape> item;

    /// The shape of the value under this key, or null where the key is not known.
    [[nodiscard]] const Shape* find(std::string_view key) const;
    [[nodiscard]] bool is_list() const { return item != nullptr; }
    [[nodiscard]] bool is_map() const { return any_key != nullptr || !keys.empty(); }
    [[nodiscard]] bool is_leaf() const { return !is_list() && !is_map(); }
};

/// Built once from settings(kind).
[[nodiscard]] const Shape& shape_of(FileKind kind);

}  // namespace garita::runtime
