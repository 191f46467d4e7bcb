#pragma once
// What hub_rules.cpp and agent_rules.cpp have in common: looking at a tree that may be wrong anywhere.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/config/document.hpp"

namespace garita::runtime {

/// Collects problems about values below one place of the tree.
class RuleCheck {
  public:
    RuleCheck(const Node& node, std::string path, std::vector<Problem>& problems)
        : node_(node), path_(std::move(path)), problems_(problems) {}

    [[nodiscard]] const Node& node() const { return node_; }
    /// The text under the key; empty where there is none.
    [[nodiscard]] std::string_view text(std::string_view key) const;
    [[nodiscard]] bool given(std::string_view key) const;
    [[nodiscard]] bool has_entries(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view key) const;

    /// A problem with the value under the key, or with the whole when it is not there.
    void error(std::string_view key, std::string what, std::string allowed = {}, std::string nearest = {});
    void warning(std::string_view key, std::string what, std::string allowed = {}, std::string nearest = {});

  private:
    void add(Problem::Weight weight, std::string_view key, std::string what, std::string allowed,
             std::string nearest);
    const Node& node_;
    std::string path_;
    std::vector<Problem>& problems_;
};

/// Kinds of alerts under `path`: what is nearly one of Garita's own is a slip of the pen.
void check_kinds(const Node& kinds, const std::string& path, std::vector<Problem>& problems);

/// The node along "a.b.c", or an empty one.
[[nodiscard]] const Node& at(const Node& root, std::string_view path);

}  // namespace garita::runtime
