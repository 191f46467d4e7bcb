#pragma once
// What is kept true on a device. Producers write only the desired value; the device's reconciler makes it so.

#include <cstdint>
#include <optional>
#include <string>

#include "model/case.hpp"
#include "model/ids.hpp"
#include "model/ip.hpp"
#include "model/time.hpp"

namespace garita {

/// The rule name under which blocked addresses are kept; its parameters are the network's text, its value
/// "drop".
inline constexpr std::string_view block_rule = "block";
inline constexpr std::string_view block_value = "drop";

/// Whether a rule is wished for on this device alone, or on every one: then a device that joins later gets it
/// too.
enum class RuleScope { device, everywhere };

/// (device, name, params) is unique. An absent desired value means that the rule shall not be there.
struct Rule {
    RuleId id;
    std::string device;
    std::string name;
    std::string params;
    std::optional<std::string> desired;
    std::optional<std::string> current;  ///< what the device last confirmed
    std::optional<Time> expires_at;      ///< from then on the desired value counts as absent
    std::int64_t seq = 0;  ///< position of the last change of the desired value, per store, growing
    std::string author;    ///< Actor::text()
    CaseId case_id;        ///< 0: not from a case
    std::string comment;
    int attempts = 0;
    std::string last_error;
    std::int64_t connections_cut = 0;  ///< open connections that this rule ended
    RuleScope scope = RuleScope::device;
    bool wanted_by_people = false;  ///< somebody other than a policy asked for what is desired now
    Time created_at{};
    Time updated_at{};

    [[nodiscard]] bool settled() const { return desired == current && last_error.empty(); }
};

/// A rule as its device keeps it, so that it stays in force while the hub is away.
struct HeldRule {
    std::string name;
    std::string params;
    std::string desired;
    std::optional<Time> expires_at;
    std::int64_t seq = 0;
    friend bool operator==(const HeldRule&, const HeldRule&) = default;
};

/// A wish for one rule, as a producer writes it.
struct RuleChange {
    std::string device;
    std::string name;
    std::string params;
    std::optional<std::string> desired;  ///< empty: unset
    std::optional<Time> expires_at;
    std::string author;
    CaseId case_id;
    std::string comment;
    RuleScope scope = RuleScope::device;
    /// Whose wish it is; what people wanted is not taken back with what a policy did.
    enum class Wish { people, policy } wish = Wish::people;
};

}  // namespace garita
