#include "decide/agreement.hpp"

#include <algorithm>

namespace garita::decide {
namespace {

std::string word_of(Response response) {
    return std::string(to_text(response));
}

bool is_configured(const Actor& actor, const DeskOptions& options) {
    return actor.kind == Actor::Kind::person &&
           std::any_of(options.people.begin(), options.people.end(),
                       [&](const Person& person) { return person.name == actor.name; });
}

bool counted_already(const Proposal& proposal, const Actor& by) {
    return std::any_of(proposal.by.begin(), proposal.by.end(),
                       [&](const Agreement& agreement) { return agreement.by.name == by.name; });
}

bool is_same_answer(const Proposal& proposal, const Verdict& verdict) {
    return proposal.response == verdict.response && (!verdict.lasts_said || proposal.lasts == verdict.lasts);
}

tl::expected<void, Refusal> keep(store::Transaction& transaction, Case& about, const Verdict& verdict,
                                 std::string_view verb, Time now) {
    const auto& proposal = *about.proposal;
    about.updated_at = now;
    if (!transaction.update_case(about)) return tl::unexpected(changed_meanwhile(about.id));
    const auto missing = proposal.needed - static_cast<int>(proposal.by.size());
    (void)transaction.add_audit({0, now, verdict.by, std::string(verb), object_of(about.id),
                                 word_of(proposal.response) + ", " + std::to_string(missing) +
                                     " more must agree" +
                                     (verdict.comment.empty() ? "" : ": " + verdict.comment)});
    transaction.ring({store::Topic::cases, {}});
    return {};
}

}  // namespace

std::optional<Refusal> refuse_unattended(const Case& about, Response response, const Policy& policy,
                                         const DeskOptions& options) {
    const auto danger = danger_of(response, about.address, options.wide);
    const int needed = persons_needed(policy, response, danger);
    if (needed > 1)
        return Refusal{Error{ErrorCode::forbidden, word_of(response) + " takes " + std::to_string(needed) +
                                                       " persons, and no policy is one"},
                       "",
                       {}};
    if (danger == Danger::wide_block)
        return Refusal{Error{ErrorCode::forbidden, about.address->text() + " is wide: a person has to block "
                                                                           "it, and to confirm it"},
                       "",
                       {}};
    return std::nullopt;
}

std::optional<Refusal> refuse_opposition(const Case& about, const Verdict& verdict,
                                         const DeskOptions& options) {
    if (!about.proposal || about.proposal->response == verdict.response) return std::nullopt;
    const auto proposed = about.proposal->response;
    const Role needed = role_needed(proposed, danger_of(proposed, about.address, options.wide));
    if (verdict.by.role >= needed) return std::nullopt;
    const auto& who = about.proposal->by.front().by.name;
    const std::string least(to_text(needed));
    return Refusal{Error{ErrorCode::forbidden, who + " has proposed " + word_of(proposed) +
                                                   "; answering otherwise needs the role " + least},
                   "refused.proposed",
                   {{"who", who}, {"response", word_of(proposed)}, {"needed", least}}};
}

tl::expected<Agreed, Refusal> take_agreement(store::Transaction& transaction, Case about, Verdict& verdict,
                                             int needed, const DeskOptions& options, Time now) {
    if (!is_configured(verdict.by, options))
        return tl::unexpected(
            Refusal{Error{ErrorCode::forbidden, word_of(verdict.response) + " takes " +
                                                    std::to_string(needed) + " persons, and " +
                                                    verdict.by.name + " is none of those under `people:`"},
                    "refused.not_configured",
                    {{"response", word_of(verdict.response)}, {"count", std::to_string(needed)}}});
    if (!about.proposal || !is_same_answer(*about.proposal, verdict)) {
        about.proposal =
            Proposal{verdict.response, needed, {{verdict.by, now}}, verdict.lasts, verdict.comment};
        if (auto kept = keep(transaction, about, verdict, "propose", now); !kept)
            return tl::unexpected(std::move(kept.error()));
        return Agreed::kept;
    }
    auto& proposal = *about.proposal;
    proposal.needed = needed;
    if (counted_already(proposal, verdict.by)) return Agreed::kept;
    if (static_cast<int>(proposal.by.size()) + 1 >= needed) {
        verdict.lasts = proposal.lasts;
        if (verdict.comment.empty()) verdict.comment = proposal.comment;
        return Agreed::enough;
    }
    proposal.by.push_back({verdict.by, now});
    if (auto kept = keep(transaction, about, verdict, "agree", now); !kept)
        return tl::unexpected(std::move(kept.error()));
    return Agreed::kept;
}

}  // namespace garita::decide
