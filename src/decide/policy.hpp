#pragma once
// What happens with an alert without anybody having to say it each time: whom to ask, what to do at once,
// what to do when nobody answers. The first policy that matches wins.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "model/case.hpp"
#include "model/danger.hpp"
#include "model/response.hpp"
#include "model/time.hpp"

namespace garita::decide {

/// Whether a block falls on every device or only on the one that raised the alert.
enum class BlockOn { all, origin };

/// So many in any span of this length.
struct RateCap {
    std::size_t at_most = 0;
    Duration per{};
};

struct Policy {
    enum class Mode {
        ask,        ///< a person answers; until then nothing is done
        automatic,  ///< `response` is given at once
        observe,    ///< recorded only
    };

    // What it applies to; empty matches everything.
    std::string kind;
    std::string name;  ///< the fact "pattern" of the alert: which log pattern it is
    std::string device;
    std::optional<Severity> severity;  ///< at least

    // What is done then.
    Mode mode = Mode::ask;
    std::optional<Response> response;                        ///< of `automatic`
    std::optional<Duration> lasts = std::chrono::hours{24};  ///< of a block; empty: until it is unset
    Duration wait = std::chrono::hours{24};                  ///< how long a question stays open
    Response on_silence = Response::nothing;                 ///< when nobody answers in time
    std::optional<Duration> on_silence_lasts = std::chrono::hours{1};
    BlockOn block_on = BlockOn::all;

    // How many different persons have to give an answer that has an effect.
    int approvals = 1;
    DangerSet two_persons;  ///< to these, at least two

    /// Of `automatic`: more answers with an effect suspend the policy; empty: only the bound of all policies.
    std::optional<RateCap> cap;
    /// Of `automatic` with the response block: the agent that raised the alert gives this answer by itself,
    /// on itself, while the hub is out of reach.
    bool locally = false;
};

/// "ask", "auto", "observe": the words of the configuration.
[[nodiscard]] std::string_view to_text(Policy::Mode mode);
[[nodiscard]] std::optional<Policy::Mode> parse_policy_mode(std::string_view text);

/// `allow`, `nothing` and the answers to a runaway policy take one.
[[nodiscard]] int persons_needed(const Policy& policy, Response response,
                                 const std::optional<Danger>& danger);

/// The part of an alert or case that policies look at.
struct PolicyQuestion {
    std::string_view kind;
    std::string_view name;
    std::string_view device;
    Severity severity = Severity::info;
};

[[nodiscard]] PolicyQuestion question_about(const Alert& alert, Severity severity);
[[nodiscard]] PolicyQuestion question_about(const Case& about);

/// The first that matches; `otherwise` if none does.
[[nodiscard]] const Policy& choose_policy(const std::vector<Policy>& policies, const Policy& otherwise,
                                          const PolicyQuestion& question);

/// How the policy is named as an author, and when people speak of it: "http_errors web1 critical auto". Two
/// policies of the same name apply to the same, so that the second is never reached.
[[nodiscard]] std::string policy_name(const Policy& policy);

}  // namespace garita::decide
