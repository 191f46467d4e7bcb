#pragma once
// One value of a configuration file with its place in it. A plain tree, owned by its parent.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace garita::runtime {

/// Counted from 1, columns in characters. Line 0: not in the file.
struct Position {
    std::size_t line = 0;
    std::size_t column = 0;
    friend bool operator==(Position, Position) = default;
};

struct Node {
    enum class Kind { nothing, scalar, map, list };

    struct Entry;

    Kind kind = Kind::nothing;
    Position position;
    std::string scalar;          ///< of a scalar, as written, without its quotes
    std::vector<Entry> entries;  ///< of a map, in the order of the file
    std::vector<Node> items;     ///< of a list

    /// The value under this key of a map, or null.
    [[nodiscard]] const Node* find(std::string_view key) const;
};

struct Node::Entry {
    std::string key;
    Position position;
    Node value;
};

}  // namespace garita::runtime
