#pragma once
// Where producers' texts about rules of configured classes come in: read by the class that the configuration
// names, refused one by one with their reasons, or handed to the store all at once.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/person.hpp"
#include "model/rule_class.hpp"
#include "store/device_rules.hpp"

namespace garita::decide {

/// One row as somebody wrote it; borrows its texts.
struct RuleRow {
    std::string_view device;  ///< empty or "all": every device that has rules of the name
    std::string_view rules;
    std::string_view params;
    std::optional<std::string_view> value;  ///< nothing: shall not be there
};

struct RuleOrder {
    std::vector<RuleRow> rows;
    std::optional<Duration> lasts;  ///< nothing: until something else is wanted
    std::string comment;
    Actor by;
    std::string idempotency_key;
    /// What happens to the others when a row is refused.
    enum class Others { left_alone, carried_out } others = Others::left_alone;
    enum class Mode { carry_out, check_only } mode = Mode::carry_out;
};

struct RuleOrderOutcome {
    struct Refusal {
        std::size_t row = 0;  ///< in RuleOrder::rows
        std::string why;
    };
    std::vector<Refusal> refused;  ///< by row
    bool carried_out = false;      ///< what was not refused; false: nothing was changed
    store::ChangesOutcome changes;
};

class RuleDoor {
  public:
    using Classes = std::map<store::RuleTarget, RuleClass>;
    /// The store outlives it.
    RuleDoor(store::DeviceRules& rules, Classes classes) : rules_(rules), classes_(std::move(classes)) {}

    /// Any thread. One transaction. Errors: the store's own; unavailable: no device has rules.
    [[nodiscard]] Result<RuleOrderOutcome> carry_out(const RuleOrder& order, Time now) const;

    /// The class as it is configured; null: it is not (any more).
    [[nodiscard]] const RuleClass* find(const store::RuleTarget& target) const;
    /// Of any device: a name means the same on all.
    [[nodiscard]] const RuleClass* find(std::string_view rules) const;

  private:
    class Reading;
    store::DeviceRules& rules_;
    const Classes classes_;
};

}  // namespace garita::decide
