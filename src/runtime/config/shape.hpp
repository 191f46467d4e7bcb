#pragma once
// The table of settings as a tree, which a file's tree is held against.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/config/settings.hpp"

namespace garita::runtime {

/// What may stand at one place of a file. A section has `keys` (fixed), `any_key` (names freely chosen) or
/// `item` (a list); a single value has none of them.
struct Shape {
    struct Key;

    const Setting* setting = nullptr;  ///< null only at the root
    std::vector<Key> keys;
    std::unique_ptr<Shape> any_key;
    std::unique_ptr<Shape> item;

    /// The shape of the value under this key, or null where the key is not known.
    [[nodiscard]] const Shape* find(std::string_view key) const;
    [[nodiscard]] bool is_list() const { return item != nullptr; }
    [[nodiscard]] bool is_map() const;
    [[nodiscard]] bool is_leaf() const { return !is_list() && !is_map(); }
};

struct Shape::Key {
    std::string name;
    Shape shape;
};

/// Built once from settings(kind).
[[nodiscard]] const Shape& shape_of(FileKind kind);

}  // namespace garita::runtime
