#pragma once
// What an agent may do by itself while the hub is out of reach: the hub hands it the standing policies, and
// the same code that decides at the hub decides on the agent.

#include <cstddef>
#include <string>
#include <vector>

#include "decide/deciding.hpp"
#include "decide/desk_options.hpp"
#include "model/alert.hpp"
#include "store/agent_store.hpp"

namespace garita::decide {

/// The channel of a decision that an agent made by itself; the device is the case's.
inline constexpr std::string_view alone_channel = "agent";

struct Standing {
    /// About a subject that a person answered: it is left alone until then, unless it gets more severe.
    struct LeftAlone {
        std::string kind;
        std::string subject;
        Severity severity = Severity::info;
        Time until{};
        friend bool operator==(const LeftAlone&, const LeftAlone&) = default;
    };
    std::vector<Policy> policies;  ///< in order, as the first that matches wins; the last is `locally`
    std::vector<ProtectedNetwork> protected_networks;
    unsigned widest_v4 = 8;
    unsigned widest_v6 = 32;
    WideBounds wide;
    RateCap cap;  ///< of all policies together; once it is reached, the agent waits for the hub
    std::vector<LeftAlone> left_alone;
};

/// For this device; nothing where no policy is `locally` for it. `hub`: see look_around.
[[nodiscard]] std::optional<Standing> standing_for(store::View& view, const DeskOptions& options,
                                                   const std::vector<ProtectedNetwork>& hub,
                                                   std::string_view device, Time now);

/// What a policy gives by itself, at the hub and on an agent.
[[nodiscard]] Verdict verdict_of_policy(const Policy& policy);

/// The decision on an alert of this agent, if it may make one now. `made`: what it decided on since the hub
/// was last there.
[[nodiscard]] std::optional<DecidedAlone> decide_alone(const Standing& standing, const Alert& alert,
                                                       const std::vector<store::OwnDecision>& made, Time now);

}  // namespace garita::decide
