#pragma once
// Switches as they are written, in the hub's file and in those of its inventory.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip.hpp"
#include "runtime/config/document.hpp"
#include "runtime/config/rule_check.hpp"

namespace garita::runtime {

/// What holds for a switch: its own words, or else those that come before them, from near to far.
class SwitchWords {
  public:
    SwitchWords(const Node& own, std::vector<const Node*> logins) : own_(own), logins_(std::move(logins)) {}
    /// The node that says it; null: none does.
    [[nodiscard]] const Node* find(std::string_view key) const;
    [[nodiscard]] std::string_view text(std::string_view key, std::string_view otherwise = {}) const;
    [[nodiscard]] const std::vector<const Node*>& logins() const { return logins_; }

  private:
    const Node& own_;
    std::vector<const Node*> logins_;
};

/// Remembers what the switches before are called, in whichever file.
class SwitchCheck {
  public:
    explicit SwitchCheck(std::vector<IpNetwork> excluded) : excluded_(std::move(excluded)) {}

    /// `section` has `switches` and perhaps `login`; `path` is where it is ("access"; empty: a file of its
    /// own).
    void check(const Node& section, const std::vector<const Node*>& outer_logins, const std::string& path,
               const std::string& file, std::vector<Problem>& problems);
    [[nodiscard]] std::size_t count() const { return count_; }

  private:
    struct Owner {
        std::string name;
        std::string place;
    };
    void check_switch(const Node::Entry& entry, const SwitchWords& words, RuleCheck& check,
                      const std::string& file);
    void check_names(const Node::Entry& entry, RuleCheck& check, const std::string& place);
    void claim(const std::string& called, const Node::Entry& entry, RuleCheck& check, std::string_view key,
               const std::string& place);
    void check_excluded(const IpAddress& address, RuleCheck& check, std::string_view key) const;

    std::vector<IpNetwork> excluded_;
    std::map<std::string, Owner, std::less<>> owners_;  ///< addresses and aliases
    std::map<std::string, Owner, std::less<>> names_;
    std::size_t count_ = 0;
};

/// "10.0.0.1", "sw1.example.org": one spelling of what a switch is called in logs.
[[nodiscard]] std::string alias_spelling(std::string_view text);

/// The networks that parse.
[[nodiscard]] std::vector<IpNetwork> networks_of(const Node& list);

}  // namespace garita::runtime
