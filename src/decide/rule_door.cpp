#include "decide/rule_door.hpp"

#include <algorithm>

namespace garita::decide {
namespace {

constexpr std::string_view every_device = "all";
constexpr std::size_t names_told = 10;

/// "a, b, c and 7 more".
std::string listed(const std::vector<std::string_view>& names) {
    std::string out;
    for (std::size_t i = 0; i < std::min(names.size(), names_told); ++i)
        out.append(out.empty() ? "" : ", ").append(names[i]);
    if (names.size() > names_told) out += " and " + std::to_string(names.size() - names_told) + " more";
    return out;
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 64;
    std::string out = "'";
    for (const char c : text.substr(0, longest))
        out += c >= 0x20 && c < 0x7f ? c : '?';
    return out + (text.size() > longest ? "…'" : "'");
}

}  // namespace

/// Turns the rows into wishes, one after the other; rows of one device and name mostly come together.
class RuleDoor::Reading {
  public:
    Reading(const Classes& classes, const RuleOrder& order) : classes_(classes), order_(order) {}

    void read() {
        changes_.wishes.reserve(order_.rows.size());
        for (std::size_t row = 0; row < order_.rows.size(); ++row)
            if (auto why = read_row(order_.rows[row]); !why.empty())
                refused_.push_back({row, std::move(why)});
    }
    store::RuleChanges changes_;
    std::vector<RuleOrderOutcome::Refusal> refused_;

  private:
    /// The rows' target: one device, or all that have rules of the name.
    struct Known {
        const RuleClass* rules = nullptr;
        std::vector<std::uint32_t> targets;
        std::string why;  ///< it is not known
    };

    /// Why it is refused; empty: it is not.
    std::string read_row(const RuleRow& row) {
        const auto& known = find(row);
        if (known.rules == nullptr) return known.why;
        const auto key = known.rules->read_params(row.params);
        if (!key) return key.error().text;
        std::optional<RuleValue> want;
        if (row.value) {
            const auto value = known.rules->read_value(*row.value);
            if (!value) return value.error().text;
            want = *value;
        }
        for (const auto target : known.targets)
            changes_.wishes.push_back({target, *key, want});
        return {};
    }

    const Known& find(const RuleRow& row) {
        if (last_ != nullptr && row.device == last_device_ && row.rules == last_rules_) return *last_;
        last_device_ = row.device;
        last_rules_ = row.rules;
        const auto [at, is_new] = known_.try_emplace({std::string(row.device), std::string(row.rules)});
        if (is_new) at->second = look_up(row);
        last_ = &at->second;
        return *last_;
    }

    Known look_up(const RuleRow& row) {
        Known known;
        const bool all = row.device.empty() || row.device == every_device;
        std::vector<std::string_view> devices;
        std::vector<std::string_view> names;
        for (const auto& [target, rules] : classes_) {
            const bool here = all || target.device == row.device;
            if (devices.empty() || devices.back() != target.device) devices.push_back(target.device);
            if (here && std::find(names.begin(), names.end(), target.rules) == names.end())
                names.push_back(target.rules);
            if (!here || target.rules != row.rules) continue;
            known.rules = &rules;
            known.targets.push_back(index_of(target));
        }
        if (known.rules == nullptr)
            known.why = names.empty()
                            ? "device " + in_quotes(row.device) + " is not one of: " + listed(devices)
                            : "rule " + in_quotes(row.rules) + " is not one of: " + listed(names);
        return known;
    }

    std::uint32_t index_of(const store::RuleTarget& target) {
        const auto [at, is_new] =
            indexes_.try_emplace(target, static_cast<std::uint32_t>(changes_.targets.size()));
        if (is_new) changes_.targets.push_back(target);
        return at->second;
    }

    const Classes& classes_;
    const RuleOrder& order_;
    std::map<store::RuleTarget, std::uint32_t> indexes_;
    std::map<std::pair<std::string, std::string>, Known> known_;
    const Known* last_ = nullptr;
    std::string_view last_device_;
    std::string_view last_rules_;
};

Result<RuleOrderOutcome> RuleDoor::carry_out(const RuleOrder& order, Time now) const {
    if (classes_.empty())
        return fail(ErrorCode::unavailable,
                    "no device has rules: name one under `devices` in the hub's configuration");
    Reading reading(classes_, order);
    reading.read();
    RuleOrderOutcome outcome;
    outcome.refused = std::move(reading.refused_);
    const bool stop = !outcome.refused.empty() && order.others == RuleOrder::Others::left_alone;
    if (stop || order.mode == RuleOrder::Mode::check_only) return outcome;
    auto& changes = reading.changes_;
    if (order.lasts) changes.expires_at = now + *order.lasts;
    changes.by = order.by;
    changes.comment = order.comment;
    changes.idempotency_key = order.idempotency_key;
    auto done = rules_.change(changes, now);
    if (!done) return tl::unexpected(done.error());
    outcome.carried_out = true;
    outcome.changes = *done;
    return outcome;
}

const RuleClass* RuleDoor::find(const store::RuleTarget& target) const {
    const auto at = classes_.find(target);
    return at == classes_.end() ? nullptr : &at->second;
}

const RuleClass* RuleDoor::find(std::string_view rules) const {
    for (const auto& [target, known] : classes_)
        if (target.rules == rules) return &known;
    return nullptr;
}

}  // namespace garita::decide
