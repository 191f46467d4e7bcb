#include "decide/acknowledging.hpp"

#include "decide/deciding.hpp"
#include "model/danger.hpp"

namespace garita::decide {
namespace {

using namespace std::chrono_literals;

constexpr Duration same_press = 10s;

std::optional<Refusal> refuse(const AnswerRequest& request, const DeskOptions& options, Duration lasts) {
    if (const Role least = role_needed(request.response, std::nullopt); request.by.role < least)
        return role_too_low(request.response, least, request.by);
    if (!options.on_call)
        return Refusal{{ErrorCode::invalid,
                        "nobody is on call here: `on_call` of the configuration says who is told of a case "
                        "that nobody answers",
                        Retry::no},
                       "refused.no_on_call",
                       {}};
    if (lasts < 1s || lasts > longest_acknowledgement)
        return Refusal{{ErrorCode::invalid, "a case is taken on for 1s to 24h", Retry::no},
                       "refused.acknowledgement_span",
                       {}};
    return std::nullopt;
}

/// Pressed twice, or sent again.
bool is_the_same(const Duty& duty, const Actor& by, Time until) {
    return is_taken(duty) && duty.taken->by.kind == by.kind && duty.taken->by.name == by.name &&
           duty.taken->until <= until && until - duty.taken->until < same_press;
}

}  // namespace

tl::expected<AnswerOutcome, Refusal> take_on(store::Transaction& transaction, const AnswerRequest& request,
                                             const Case& about, const DeskOptions& options, Time now) {
    const auto lasts =
        request.lasts.value_or(options.on_call ? options.on_call->acknowledged_for : Duration{1min});
    if (auto refused = refuse(request, options, lasts)) return tl::unexpected(std::move(*refused));
    if (about.state == CaseState::decided || about.state == CaseState::closed)
        return AnswerOutcome{AnswerOutcome::Kind::already_decided, about};
    if (about.state != CaseState::open) return AnswerOutcome{AnswerOutcome::Kind::over, about};
    const auto until = now + lasts;
    if (is_the_same(about.duty, request.by, until))
        return AnswerOutcome{AnswerOutcome::Kind::accepted, about};
    auto changed = about;
    changed.duty.held = held_back_for(about.duty, now);
    changed.duty.taken = Acknowledgement{request.by, now, until, false};
    changed.updated_at = now;
    if (!transaction.update_case(changed)) return tl::unexpected(changed_meanwhile(about.id));
    (void)transaction.add_audit(
        {0, now, request.by, "acknowledged", object_of(about.id),
         "for " + format_span(std::chrono::duration_cast<std::chrono::seconds>(lasts)) + ", until " +
             to_iso8601(until) + (request.comment.empty() ? "" : ": " + request.comment)});
    transaction.ring({store::Topic::cases, {}});
    return AnswerOutcome{AnswerOutcome::Kind::accepted, transaction.find_case(about.id).value_or(changed)};
}

}  // namespace garita::decide
