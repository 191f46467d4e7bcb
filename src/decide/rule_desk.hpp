#pragma once
// Blocks that people and programs set and take back by hand, without a case: one or a hundred thousand.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "decide/desk_options.hpp"
#include "model/person.hpp"
#include "store/store.hpp"

namespace garita::decide {

struct BlockOrder {
    enum class Verb { set, unset };
    Verb verb = Verb::set;
    std::vector<std::string> networks;  ///< as somebody wrote them: "192.0.2.1", "2001:db8::/64"
    std::vector<std::string> devices;   ///< empty: all
    /// Of `set`: how long; empty: DeskOptions::block_lasts, unless `until_unset`.
    std::optional<Duration> lasts;
    enum class End { after_span, until_unset };
    End end = End::after_span;
    std::string comment;
    Actor by;
    std::optional<IpAddress> from;  ///< where the asking person sits
    std::string code;               ///< one-time code, where wide networks take one
};

struct BlockOutcome {
    std::size_t changed = 0;    ///< rules, that is networks times devices
    std::size_t unchanged = 0;  ///< were so already
    struct Refusal {
        std::size_t row = 0;  ///< in BlockOrder::networks
        Error error;
    };
    std::vector<Refusal> refused;                                    ///< by row; the others were carried out
    enum class Code { not_wanted, wanted } code = Code::not_wanted;  ///< wanted: nothing was done
    /// The case of the wide networks of the order, which end soon unless it is confirmed.
    std::optional<CaseId> to_confirm;
};

class RuleDesk {
  public:
    /// Store and options outlive it.
    RuleDesk(store::Store& store, const DeskOptions& options) : store_(store), options_(options) {}

    /// Any thread. Needs the role operator, for wide networks approver. In transactions of bounded size: if
    /// one fails, those before it stand, and repeating the whole order is harmless. Errors of the whole:
    /// forbidden (role; recorded), not_found (a device is not known), unavailable (there is no device), the
    /// store's own.
    [[nodiscard]] Result<BlockOutcome> carry_out(const BlockOrder& order, Time now);

  private:
    [[nodiscard]] Result<bool> code_is_missing(const BlockOrder& order, const std::vector<IpNetwork>& wide,
                                               Time now);
    store::Store& store_;
    const DeskOptions& options_;
};

}  // namespace garita::decide
