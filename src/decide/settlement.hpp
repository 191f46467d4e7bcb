#pragma once
// Sees the effects of decisions through: takes in what devices report, closes a case when every effect has
// its result, and makes the people's copies show how far things are.

#include <cstdint>
#include <string>
#include <vector>

#include "decide/desk_options.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::decide {

/// What a device says about its rules: all up to this position are in force but for the failed ones.
struct RuleReceipt {
    std::int64_t up_to_seq = 0;
    std::vector<store::FailedRule> failed;  ///< all that fail at the moment, old and new
    std::int64_t connections_cut = 0;       ///< since the receipt before
};

struct ActionReceipt {
    ActionId id;
    ActionState state = ActionState::failed;
    std::string result;
};

class Settlement final : public Worker {
  public:
    explicit Settlement(store::Store& store) : store_(store) {}

    /// Any thread. Durable when they return. A receipt given twice changes nothing the second time.
    [[nodiscard]] Result<void> rules_in_force(const std::string& device, const RuleReceipt& receipt,
                                              Time now);
    /// Receipts about actions of other devices, unknown ones and those that already have a result are left
    /// out; the device may forget all that it reported.
    [[nodiscard]] Result<void> actions_finished(const std::string& device,
                                                const std::vector<ActionReceipt>& receipts, Time now);

    [[nodiscard]] std::string_view name() const override { return "desk settlement"; }
    /// Looks at a part of the decided cases; receipts settle theirs at once, this finds what was left.
    Result<Duration> step(Time now) override;

  private:
    store::Store& store_;
    CaseId looked_up_to_;
};

/// Writes what is known of a device. For one that was not there before, what was decided for all devices and
/// is still in force becomes its own too, with the same end: in the same transaction, so that it happens
/// once. The device itself refuses what would hit its own networks.
void record_device(store::Transaction& transaction, const Device& device, Time now);

/// A device that was shut out counts again, and gets what was decided for all meanwhile.
void readmit_device(store::Transaction& transaction, const std::string& device, Time now);

/// Closes the case if it is decided and has all its results, otherwise shows its progress anew. Within the
/// transaction that changed an effect.
void settle_case(store::Transaction& transaction, CaseId id, Time now);

}  // namespace garita::decide
