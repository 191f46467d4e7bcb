#pragma once
// Entries out of what a list command says, line by line, by a pattern with a named group for each parameter
// and the value.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enforce/class_backend.hpp"
#include "model/rule_class.hpp"

namespace re2 {
class RE2;
}

namespace garita::command {

class ListPattern {
  public:
    /// The pattern has to match a line wholly or in part; groups are called as the parameters, and "value"
    /// (or value_kbit, value_mbit, value_bit, value_hex, where the list leaves the unit out). Without a group
    /// for the value, an entry has the only value that the class has beside the absent one.
    [[nodiscard]] static Result<ListPattern> make(const RuleClass& rules, const std::string& pattern);

    /// Nothing: the line is about something else. Only lines that hold what no rule could be are lost.
    [[nodiscard]] std::optional<std::pair<RuleKey, RuleValue>> read(std::string_view line) const;

  private:
    explicit ListPattern(const RuleClass& rules) : rules_(&rules) {}
    [[nodiscard]] Result<void> find_value(const std::string& setting);
    [[nodiscard]] std::optional<RuleValue> value_in(std::string_view text) const;

    const RuleClass* rules_;
    std::shared_ptr<const re2::RE2> pattern_;
    std::vector<std::size_t> groups_;  ///< of each parameter
    std::optional<std::size_t> value_group_;
    std::string before_value_;
    std::string after_value_;
    std::optional<RuleValue> only_value_;
};

/// Pieces of output in, entries out. Lines of more than 4096 bytes are no entries.
class ListReader {
  public:
    ListReader(const ListPattern& pattern, const enforce::EntrySink& sink) : pattern_(pattern), sink_(sink) {}
    void take(std::string_view piece);
    /// The last line, where no end follows it.
    void finish();

  private:
    void line(std::string_view text);
    const ListPattern& pattern_;
    const enforce::EntrySink& sink_;
    std::string begun_;
    bool too_long_ = false;
};

}  // namespace garita::command
