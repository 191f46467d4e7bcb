#pragma once
// Rules of devices that do not come into force: one case a device and name of rules, for as long as it lasts.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::decide {

inline constexpr std::string_view stuck_kind = "rules_stuck";

/// How the rules of one name on one device are, as whoever keeps them sees it.
struct RulesHealth {
    std::string device;
    std::string rules;
    std::optional<Time> troubled_since;   ///< some of them have not come into force since then
    std::optional<Duration> stuck_after;  ///< for so long nobody is told; nothing: never
    std::size_t refused = 0;              ///< how many the device refuses; 0: it is away, or refuses all
    std::string why;
    enum class Known { yes, no } known = Known::no;  ///< no: nothing has come of it yet since the start
};

/// Raises alerts of kind `rules_stuck`; the desk makes cases of them. One that is open is told anew when
/// what it says has changed, and is closed when the rules are in force again or nobody keeps them any more.
/// When a trouble began is remembered over restarts, once it has lasted for half a minute.
class StuckRules final : public Worker {
  public:
    using Look = std::function<std::vector<RulesHealth>()>;
    StuckRules(store::Store& store, Look look) : store_(store), look_(std::move(look)) {}

    [[nodiscard]] std::string_view name() const override { return "stuck rules"; }
    Result<Duration> step(Time now) override;

  private:
    using Name = std::pair<std::string, std::string>;  ///< of device and rules
    [[nodiscard]] Result<std::map<Name, Time>> load() const;
    [[nodiscard]] std::map<Name, Time> lasting(const std::vector<RulesHealth>& all, Time now) const;

    store::Store& store_;
    Look look_;
    /// Since when what has lasted for a while lasts; also in the store, so that a restart begins no counting
    /// anew.
    std::optional<std::map<Name, Time>> since_;
};

}  // namespace garita::decide
