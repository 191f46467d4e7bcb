#pragma once
// What one device shall have, as its reconciler reads it and writes back what has become of it: the hub's
// store seen from one device, or an agent's own copy.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/packed.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::store {

/// Single changes go before a million that came together; each lane is worked off in the order of its seq.
enum class Lane : std::uint8_t { quick, bulk };

/// A rule whose desired value changed after a position.
struct PendingRule {
    RuleKey key;
    std::optional<RuleValue> have;  ///< as last recorded
    std::optional<RuleValue> want;  ///< nothing: shall not be there
    std::int64_t seq = 0;           ///< of this change; greater than any before on this device
};

/// A change that the device refused. Kept until it is carried out or something else is wanted.
struct RefusedRule {
    RuleKey key;
    std::int64_t seq = 0;
    std::string error;
    int attempts = 1;
    std::optional<Time> next_try;  ///< nothing: not before something else is wanted
};

/// All calls are of one device; any thread. `rules` names the class. An Error: the store could not, try
/// later.
class ClassBook {
  public:
    ClassBook() = default;
    ClassBook(const ClassBook&) = delete;
    ClassBook& operator=(const ClassBook&) = delete;
    virtual ~ClassBook() = default;

    /// Those of the lane with a seq above `after`, by seq, at most `limit`. A rule is in the lane of its last
    /// change, once.
    [[nodiscard]] virtual Result<std::vector<PendingRule>> pending(std::string_view rules, Lane lane,
                                                                   std::int64_t after, std::size_t limit) = 0;

    /// Up to where everything of the lane was recorded.
    [[nodiscard]] virtual Result<std::int64_t> recorded(std::string_view rules, Lane lane) = 0;

    /// All of the lane up to `up_to` is as it was wanted at its seq, but for the refused ones. A desired
    /// value that changed meanwhile has a greater seq and stays different.
    [[nodiscard]] virtual Result<void> record(std::string_view rules, Lane lane, std::int64_t up_to,
                                              std::span<const RefusedRule> refused, Time now) = 0;

    [[nodiscard]] virtual Result<std::vector<RefusedRule>> refused(std::string_view rules) = 0;
    /// What has become of refused ones that were tried again: those in `still` stay with their new error, the
    /// others are done. A rule whose seq is another by now is left as it is.
    [[nodiscard]] virtual Result<void> retried(std::string_view rules, std::span<const RefusedRule> tried,
                                               std::span<const RefusedRule> still, Time now) = 0;

    /// Calls the sink for every rule that is wanted to be there, whether it already is or not, in one
    /// snapshot. The result is the greatest seq that the snapshot holds.
    using WantedSink = std::function<void(const RuleKey& key, const RuleValue& want)>;
    [[nodiscard]] virtual Result<std::int64_t> wanted(std::string_view rules, const WantedSink& sink) = 0;
};

}  // namespace garita::store
