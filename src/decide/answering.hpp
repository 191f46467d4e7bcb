#pragma once
// How an answer enters, from whichever channel: the same checks, the same winner.

#include <cstdint>
#include <optional>
#include <string>

#include "decide/refusal.hpp"
#include "model/case.hpp"
#include "model/result.hpp"

namespace garita::decide {

/// A letter's link that an answer came by.
struct UsedLink {
    std::int64_t after_decision = 0;  ///< the question it is good for: decide/question.hpp
    std::string address;              ///< whose letter it stood in, for the audit trail
};

struct AnswerRequest {
    CaseId case_id;
    Response response = Response::nothing;
    Actor by;                       ///< with the role it has
    std::optional<Duration> lasts;  ///< of a block; empty: the policy's or the hub's default
    std::string comment;
    /// When the connection was opened that the answer came over: a confirmation has to be newer than the
    /// block that it confirms.
    std::optional<Time> connected_at;
    std::string code;  ///< one-time code, where the answer takes one
    std::optional<IpAddress>
        from;  ///< where the deciding person sits, if known: it cannot be blocked by its own answer
    /// Checked and recorded in the answer's own transaction, so that no link answers twice.
    std::optional<UsedLink> link;
};

struct AnswerOutcome {
    enum class Kind {
        accepted,         ///< this answer is the decision
        proposed,         ///< kept: more persons must give it, `current.proposal` says how many
        already_decided,  ///< somebody was faster: `current` says who and what
        code_wanted,      ///< nothing is done: the same again, with a one-time code
        over,             ///< expired, or observed only
    };
    Kind kind = Kind::accepted;
    Case current;  ///< after the call
};

/// Errors: not_found (no such case), forbidden (role too low, protected address; recorded in the audit
/// trail), invalid (this response is not offered for the case).
class Answering {
  public:
    virtual ~Answering() = default;
    [[nodiscard]] virtual tl::expected<AnswerOutcome, Refusal> answer_or_refuse(const AnswerRequest& request,
                                                                                Time now) = 0;
    /// For whoever needs no more than the error.
    [[nodiscard]] Result<AnswerOutcome> answer(const AnswerRequest& request, Time now) {
        auto outcome = answer_or_refuse(request, now);
        if (!outcome) return tl::unexpected(std::move(outcome.error().error));
        return std::move(*outcome);
    }
};

}  // namespace garita::decide
