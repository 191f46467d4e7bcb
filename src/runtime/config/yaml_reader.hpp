#pragma once
// YAML text to our own tree. Aliases, tags, several documents, deep nesting and bytes that are not text are
// refused: a configuration needs none of them, and each has been somebody's way to exhaust a parser.

#include <string_view>
#include <vector>

#include "runtime/config/document.hpp"

namespace garita::runtime {

struct YamlTree {
    Node root;
    std::vector<Problem> problems;
    bool complete = false;  ///< false: reading stopped at a problem, the tree ends there
};

[[nodiscard]] YamlTree read_yaml(std::string_view text);

}  // namespace garita::runtime
