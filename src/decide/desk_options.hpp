#pragma once
// What the desk is told by the configuration. Programs fill it.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "decide/on_call.hpp"
#include "decide/policy.hpp"
#include "decide/step_up.hpp"
#include "model/danger.hpp"
#include "model/ip.hpp"
#include "model/person.hpp"
#include "model/time.hpp"

namespace garita::decide {

struct ProtectedNetwork {
    IpNetwork network;
    std::string why;  ///< "gateway of the hub", "protected by the configuration"
};

/// How long what is over is kept; empty: for ever.
struct RetentionOptions {
    std::optional<Duration> cases = std::chrono::days{90};
    std::optional<Duration> alerts = std::chrono::days{30};
    std::optional<Duration> audit = std::chrono::days{400};
    std::optional<Duration> answers = std::chrono::days{1};  ///< to requests with an idempotency key
};

struct DeskOptions {
    std::vector<Policy> policies;
    /// When no policy matches: ask, wait 24 h, then nothing.
    Policy otherwise;
    /// Of a block by hand that does not say it; empty: until it is unset.
    std::optional<Duration> block_lasts = std::chrono::hours{24};

    std::vector<ProtectedNetwork> protected_networks;  ///< fixed ones
    /// The hub's own at this moment (addresses, gateway, resolvers, interfaces come and go); may be empty.
    /// Called from any thread, a few times a second.
    std::function<std::vector<ProtectedNetwork>()> hub_networks;
    /// The widest networks that may be blocked.
    unsigned widest_v4 = 8;
    unsigned widest_v6 = 32;
    WideBounds wide;
    /// A wide block ends after so long unless it is confirmed; empty: it needs no confirmation.
    std::optional<Duration> confirm_within = std::chrono::minutes{1};
    StepUp step_up;

    std::vector<Person> people;

    /// For so long nobody is asked again about a subject that was allowed, unless it gets more severe; a
    /// decision's own `lasts` goes before it.
    Duration quiet_after_allow = std::chrono::hours{24};
    /// Likewise after the answer "no action".
    Duration quiet_after_nothing = std::chrono::hours{1};

    /// More questions than this are not asked at the same time; alerts beyond are recorded as observed.
    std::size_t open_cases = 100000;
    /// More automatic blocks than this, by all policies together, mean that one of them is wrong: the busiest
    /// is suspended, and people are asked what to do with it.
    RateCap automatic_blocks{1000, std::chrono::minutes{1}};
    /// An automatic reboot or power-off of the same host happens at most once in this time.
    Duration reboot_pause = std::chrono::hours{1};

    /// A session is not closed, a host not restarted, later than this after the decision.
    Duration close_within = std::chrono::hours{1};
    Duration reboot_within = std::chrono::minutes{2};

    /// After the hub was away, answers that people gave meanwhile are heard before silence counts.
    Duration silence_grace = std::chrono::minutes{1};

    /// Who is told of a case that nobody answers; empty: nobody further.
    std::optional<OnCall> on_call;

    RetentionOptions retention;
};

}  // namespace garita::decide
