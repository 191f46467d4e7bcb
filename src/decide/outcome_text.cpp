#include "decide/outcome_text.hpp"

#include "decide/foreign_text.hpp"

namespace garita::decide {

std::string outcome_text(const AnswerOutcome& outcome, Response response, const Reader& reader) {
    using Kind = AnswerOutcome::Kind;
    const auto label = response_label(response, reader);
    const auto& taken = outcome.current.duty.taken;
    if (outcome.kind == Kind::accepted && response == Response::acknowledge && taken)
        return reader.text("telegram.taken", {{"time", reader.time(taken->until)}});
    if (outcome.kind == Kind::accepted) return reader.text("telegram.accepted", {{"response", label}});
    if (outcome.kind == Kind::proposed && outcome.current.proposal) {
        const auto& proposal = *outcome.current.proposal;
        const auto missing = proposal.needed - static_cast<int>(proposal.by.size());
        return reader.text("telegram.proposed", {{"response", label}, {"count", std::to_string(missing)}});
    }
    if (outcome.kind == Kind::over || !outcome.current.decision) return reader.text("telegram.over");
    const auto& decision = *outcome.current.decision;
    return reader.text("telegram.already", {{"who", clean_line(decision.by.text(), 64)},
                                            {"time", reader.time(decision.at)},
                                            {"response", response_label(decision.response, reader)}});
}

std::string refused_text(const Refusal& refusal, const Reader& reader) {
    if (refusal.error.code == ErrorCode::not_found) return refusal_text(refusal, reader);
    if (refusal.key.empty()) return {};
    return reader.text("telegram.forbidden", {{"reason", refusal_text(refusal, reader)}});
}

}  // namespace garita::decide
